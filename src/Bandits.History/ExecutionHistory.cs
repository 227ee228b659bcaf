namespace Bandits.History;

/// <summary>Everything that a log of executions says, in aggregates: it is fed with JSON lines and answers questions. No record is kept.</summary>
/// <remarks>
/// A record that was seen before, by its identity, is not counted again. Kept per distinct record: at most 32 bytes. Aggregates are bounded by
/// the number of distinct names. Safe for many threads; an import makes questions wait until it is done. For a history that lasts, see <see cref="HistoryStore"/>.
/// </remarks>
public sealed class ExecutionHistory
{
    private readonly RecordParser _parser = new();
    private readonly RecordIdentity _identity = new();
    private readonly IdentitySet _identities = new();

    /// <summary>An empty history.</summary>
    public ExecutionHistory() => Analytics = new HistoryAnalytics(this);

    /// <summary>The questions that can be asked.</summary>
    public HistoryAnalytics Analytics { get; }

    /// <summary>Distinct records counted.</summary>
    public long RecordCount => _identities.Count;

    /// <summary>Bytes held to recognise records that come again.</summary>
    public long IdentityBytes => _identities.Bytes;

    internal HistoryCube Cube { get; } = new();

    internal Lock Gate { get; } = new();

    /// <summary>Imports JSON lines from memory.</summary>
    public ImportAccount Import(ReadOnlySpan<byte> jsonLines, ImportOptions? options = null)
    {
        options ??= new ImportOptions();
        lock (Gate) return new ImportRun(new Taker(this, null), options, options.SourceName ?? "-").Run(jsonLines);
    }

    /// <summary>Imports JSON lines, plain or gzip, from a stream. A pipe is read to its end. The stream is left open.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; what was read before stays.</exception>
    public ImportAccount Import(Stream jsonLines, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
        Import(jsonLines, null, options, cancellationToken);

    /// <summary>Imports a <c>.jsonl</c> or <c>.jsonl.gz</c> file.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public ImportAccount ImportFile(string path, ImportOptions? options = null, CancellationToken cancellationToken = default) =>
        ImportFile(path, null, options, cancellationToken);

    /// <summary>What the history teaches: one row per (role, area, risk, complexity, model).</summary>
    /// <remarks>
    /// One record teaches two rows, its planner and its implementer, and both are charged the task's whole cost and duration: never add the roles up.
    /// The tasks' own totals are <see cref="TaskEvidence"/>.
    /// </remarks>
    public IReadOnlyList<HistoryEvidence> Evidence()
    {
        lock (Gate) return HistoryLessons.ByRole(Cube);
    }

    /// <summary>The tasks' own totals, each task once: one row per (area, risk, complexity).</summary>
    public IReadOnlyList<TaskEvidence> TaskEvidence()
    {
        lock (Gate) return HistoryLessons.ByTask(Cube);
    }

    internal ImportAccount Import(Stream jsonLines, IRecordSink? sink, ImportOptions? options, CancellationToken cancellationToken)
    {
        options ??= new ImportOptions();
        lock (Gate) return new ImportRun(new Taker(this, sink), options, options.SourceName ?? "-").Run(jsonLines, cancellationToken);
    }

    internal ImportAccount ImportFile(string path, IRecordSink? sink, ImportOptions? options, CancellationToken cancellationToken)
    {
        options ??= new ImportOptions();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        lock (Gate) return new ImportRun(new Taker(this, sink), options, options.SourceName ?? path).Run(file, cancellationToken);
    }

    /// <summary>Offers one line. A new record goes to <paramref name="sink"/> first, so that nothing is counted that was not kept.</summary>
    internal Offered Offer(ReadOnlySpan<byte> line, IRecordSink? sink, long position, out RecordFault fault)
    {
        if (!_parser.TryParse(line, out fault)) return Offered.Rejected;
        // Slot, bucket and cell lie anywhere in memory: each is asked for as soon as its place is known, and waited for once.
        RecordNames names = Cube.Intern(_parser, line);
        UInt128 identity = _identity.Of(_parser, line);
        _identities.Prefetch(identity);
        CaseCell? known = Cube.Find(names);
        if (!_identities.Add(identity)) return Offered.AlreadyKnown;
        sink?.Append(line, _parser, position);
        Cube.Add(_parser, line, names, known);
        return Offered.New;
    }

    /// <summary>Reads a log that is already kept; null when there is none.</summary>
    internal ImportAccount? ImportLog(RecordLog log, IRecordSink sink)
    {
        using FileStream? file = log.OpenRead();
        return file is null ? null : Import(file, sink, new ImportOptions { SourceName = RecordLog.FileName }, CancellationToken.None);
    }

    private sealed class Taker(ExecutionHistory history, IRecordSink? sink) : ILineTaker
    {
        public Offered Offer(ReadOnlySpan<byte> line, long position, out RecordFault fault) => history.Offer(line, sink, position, out fault);
    }
}
