namespace Bandits.History;

/// <summary>Appends records from code to a <see cref="HistoryStore"/>: buffered, flushed every so many records and when disposed.</summary>
/// <remarks>Safe for many threads. A crash loses at most the records since the last flush, never what is before them.</remarks>
public sealed class ExecutionTracker : IDisposable
{
    private readonly HistoryStore _store;
    private readonly int _recordsPerFlush;
    private readonly Lock _gate = new();
    private int _unflushed;
    private bool _disposed;

    internal ExecutionTracker(HistoryStore store, int recordsPerFlush)
    {
        _store = store;
        _recordsPerFlush = recordsPerFlush;
    }

    /// <summary>Adds a record, at once visible to every question; false when the very same record is there already.</summary>
    /// <exception cref="ArgumentException">The record is invalid, by the same rules as an imported line; nothing is changed.</exception>
    /// <exception cref="ObjectDisposedException">The tracker was disposed.</exception>
    public bool Record(ExecutionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        ReadOnlySpan<byte> line = RecordText.Line(record).Span;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (line.Length > HistoryLimits.LineBytes)
                throw new ArgumentException($"The record is {line.Length} bytes long; at most {HistoryLimits.LineBytes} are allowed.", nameof(record));
            Offered offered = _store.Append(line, out RecordFault fault);
            if (offered == Offered.Rejected)
                throw new ArgumentException($"{RecordFields.NameText(fault.Field)}: {fault.Message} ({fault.Reason}).", nameof(record));
            if (offered == Offered.New && ++_unflushed >= _recordsPerFlush) FlushLocked();
            return offered == Offered.New;
        }
    }

    /// <summary>Waits until all records so far are on the device.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            FlushLocked();
        }
    }

    /// <summary>Flushes. The store stays open.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            FlushLocked();
        }
    }

    private void FlushLocked()
    {
        _store.Flush();
        _unflushed = 0;
    }
}
