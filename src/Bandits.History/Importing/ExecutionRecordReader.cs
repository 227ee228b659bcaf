namespace Bandits.History;

/// <summary>Reads records one at a time from JSON lines, plain or gzip, for code that wants to see each of them.</summary>
/// <remarks>Bad lines are skipped and reported like in an import; nothing is recognised as known. To count records, use <see cref="ExecutionHistory"/>.</remarks>
public static class ExecutionRecordReader
{
    /// <summary>The records of a stream, read as they are asked for. The stream is left open.</summary>
    /// <exception cref="InvalidDataException">The stream broke off, or, when <see cref="ImportOptions.Strict"/>, at the first bad line.</exception>
    public static IEnumerable<ExecutionRecord> Read(Stream jsonLines, ImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(jsonLines);
        return Records(jsonLines, options ?? new ImportOptions());
    }

    private static IEnumerable<ExecutionRecord> Records(Stream jsonLines, ImportOptions options)
    {
        var collector = new Collector();
        using Stream text = SourceStream.OpenText(jsonLines, out _);
        using var lines = new LineReader(text);
        var run = new ImportRun(collector, options, options.SourceName ?? "-");
        while (run.Step(lines))
        {
            if (collector.Take() is { } record) yield return record;
        }

        if (lines.Fault is not null) throw new InvalidDataException($"{run.Account.Source}: {lines.Fault}");
        if (run.Account.StoppedAtRejection) throw new InvalidDataException(run.Account.Rejections[^1].ToString());
    }

    private sealed class Collector : ILineTaker
    {
        private readonly RecordParser _parser = new();
        private ExecutionRecord? _record;

        public Offered Offer(ReadOnlySpan<byte> line, long position, out RecordFault fault)
        {
            if (!_parser.TryParse(line, out fault)) return Offered.Rejected;
            _record = RecordText.Of(_parser, line);
            return Offered.New;
        }

        public ExecutionRecord? Take()
        {
            ExecutionRecord? record = _record;
            _record = null;
            return record;
        }
    }
}
