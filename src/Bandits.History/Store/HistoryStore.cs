using System.IO.Compression;

namespace Bandits.History;

/// <summary>A history that lasts: a directory whose <c>records.jsonl</c> is the only copy of the raw records; everything else is rebuilt from it when it is opened.</summary>
/// <remarks>
/// One writer, any number of readers. A line torn by a crash is mended when the store is opened for writing and left out when it is opened for
/// reading. Safe for many threads. After an <see cref="IOException"/> while writing, dispose the store and open it again: what the file holds is the truth.
/// </remarks>
public sealed class HistoryStore : IDisposable
{
    /// <summary>How many of the newest records are found without reading the log.</summary>
    private const int RecentKept = 1024;

    private readonly RecordLog _log;
    private readonly RecentWindow _recent = new(RecentKept);
    private readonly LogAppender _appender;

    private HistoryStore(RecordLog log)
    {
        _log = log;
        _appender = new LogAppender(log, _recent);
    }

    /// <summary>The history in memory, which takes imports that are *not* kept; to keep them, import through the store.</summary>
    public ExecutionHistory History { get; } = new();

    /// <summary>The questions that can be asked.</summary>
    public HistoryAnalytics Analytics => History.Analytics;

    /// <summary>What was found when the log was read: known lines are repeated ones, rejected lines are damage.</summary>
    public ImportAccount Opening { get; private set; } = new(RecordLog.FileName);

    /// <summary>Bytes of a torn last line that were cut off when the store was opened.</summary>
    public long TornBytesCut { get; private set; }

    /// <summary>True when records can be added.</summary>
    public bool IsWritable => _log.IsWritable;

    /// <summary>Opens, or creates, the history in a directory for writing.</summary>
    /// <exception cref="IOException">It is open for writing elsewhere, or the directory cannot be used.</exception>
    public static HistoryStore Open(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        RecordLog log = RecordLog.OpenWriter(directory);
        try
        {
            var store = new HistoryStore(log) { TornBytesCut = log.MendTail() };
            store.Rebuild();
            return store;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Opens the history in a directory for reading, even while somebody writes to it; empty when there is none.</summary>
    public static HistoryStore OpenReadOnly(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var store = new HistoryStore(RecordLog.OpenReader(directory));
        store.Rebuild();
        return store;
    }

    /// <summary>Imports JSON lines, plain or gzip, from a stream, and keeps the new ones.</summary>
    /// <exception cref="InvalidOperationException">The store is read-only.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was read before stays.</exception>
    public ImportAccount Import(Stream jsonLines, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jsonLines);
        RequireWritable();
        lock (History.Gate)
        {
            try
            {
                return History.Import(jsonLines, _appender, options, cancellationToken);
            }
            finally
            {
                _log.Flush(toDevice: true);
            }
        }
    }

    /// <summary>Imports a <c>.jsonl</c> or <c>.jsonl.gz</c> file and keeps the new records.</summary>
    /// <exception cref="InvalidOperationException">The store is read-only.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public ImportAccount ImportFile(string path, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireWritable();
        lock (History.Gate)
        {
            try
            {
                return History.ImportFile(path, _appender, options, cancellationToken);
            }
            finally
            {
                _log.Flush(toDevice: true);
            }
        }
    }

    /// <summary>A tracker that appends records from code. Dispose it before the store.</summary>
    /// <param name="recordsPerFlush">After how many records the tracker flushes by itself; 1 flushes every record.</param>
    /// <exception cref="InvalidOperationException">The store is read-only.</exception>
    public ExecutionTracker CreateTracker(int recordsPerFlush = 64)
    {
        RequireWritable();
        ArgumentOutOfRangeException.ThrowIfLessThan(recordsPerFlush, 1);
        return new ExecutionTracker(this, recordsPerFlush);
    }

    /// <summary>
    /// The newest records by start time, newest first; records that started at once in log order, records without a readable time last. Up to 1,024 are
    /// found without reading the log.
    /// </summary>
    public IReadOnlyList<ExecutionRecord> Recent(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (History.Gate)
        {
            _log.Flush(toDevice: false);
            RecentWindow window = _recent;
            if (count > window.Kept)
            {
                window = new RecentWindow(count);
                new ExecutionHistory().ImportLog(_log, new PositionSink(window));
            }

            return ReadAt(window.Newest(count));
        }
    }

    /// <summary>All records in log order, read from the file as they are asked for; records added meanwhile may be missing.</summary>
    public IEnumerable<ExecutionRecord> Records()
    {
        lock (History.Gate) _log.Flush(toDevice: false);
        using FileStream? file = _log.OpenRead();
        if (file is null) yield break;
        foreach (ExecutionRecord record in ExecutionRecordReader.Read(file)) yield return record;
    }

    /// <summary>Writes all records in the format they came in; a history that imports this has nothing more and nothing less. Returns the bytes written.</summary>
    public long Export(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        lock (History.Gate)
        {
            _log.Flush(toDevice: false);
            using FileStream? file = _log.OpenRead();
            if (file is null) return 0;
            file.CopyTo(destination, 256 << 10);
            return file.Position;
        }
    }

    /// <summary>Writes all records to a file, compressed when its name ends with <c>.gz</c>; written aside and renamed. Returns the bytes of text.</summary>
    public long ExportFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string aside = path + ".part";
        long bytes;
        using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                using var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true);
                bytes = Export(gzip);
            }
            else
            {
                bytes = Export(file);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
        return bytes;
    }

    /// <summary>Makes sure that everything added so far is on the device.</summary>
    public void Flush()
    {
        lock (History.Gate) _log.Flush(toDevice: true);
    }

    /// <summary>Flushes and gives the writer's lock back.</summary>
    public void Dispose()
    {
        lock (History.Gate) _log.Dispose();
    }

    internal Offered Append(ReadOnlySpan<byte> line, out RecordFault fault)
    {
        lock (History.Gate) return History.Offer(line, _appender, 0, out fault);
    }

    private void Rebuild() => Opening = History.ImportLog(_log, new PositionSink(_recent)) ?? Opening;

    private List<ExecutionRecord> ReadAt(List<long> positions)
    {
        var records = new List<ExecutionRecord>(positions.Count);
        if (positions.Count == 0) return records;
        using FileStream file = _log.OpenRead()!;
        var parser = new RecordParser();
        foreach (long position in positions)
        {
            file.Position = position;
            using var lines = new LineReader(file);
            if (lines.Next(out ReadOnlySpan<byte> line) == LineKind.Line && parser.TryParse(line, out _)) records.Add(RecordText.Of(parser, line));
        }

        return records;
    }

    private void RequireWritable()
    {
        if (!IsWritable) throw new InvalidOperationException("The history was opened read-only; open it with HistoryStore.Open to add records.");
    }

    /// <summary>Appends new records to the log.</summary>
    private sealed class LogAppender(RecordLog log, RecentWindow recent) : IRecordSink
    {
        public void Append(ReadOnlySpan<byte> line, RecordParser record, long position) => recent.Add(record, line, log.Append(line));
    }

    /// <summary>Notes where records stand that are in the log already.</summary>
    private sealed class PositionSink(RecentWindow recent) : IRecordSink
    {
        public void Append(ReadOnlySpan<byte> line, RecordParser record, long position) => recent.Add(record, line, position);
    }
}
