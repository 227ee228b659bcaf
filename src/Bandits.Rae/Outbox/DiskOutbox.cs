using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Rae.Outbox;

/// <summary>Requests that wait on disk until the server has them, in order; bounded in bytes. Not thread-safe: its owner holds the lock of the directory.</summary>
internal sealed class DiskOutbox
{
    private readonly string _directory;
    private readonly long _mostBytes;
    private readonly SentPosition _sent;
    private readonly List<OutboxBatch> _batches = [];
    private readonly Queue<OutboxItem> _current = new();
    private long _sentTo;

    /// <summary>Takes up what an earlier process left.</summary>
    public DiskOutbox(string directory, long mostBytes)
    {
        (_directory, _mostBytes, _sent) = (directory, mostBytes, new SentPosition(Path.Combine(directory, "outbox.sent")));
        _sentTo = _sent.Read();
        Tail = _sentTo;
        foreach ((long first, string path) in JournalArchive.Segments(directory, DiskFiles.Instance))
        {
            OutboxBatch batch = OutboxBatch.Read(first, path, _sentTo, new List<OutboxItem>());
            HasLost |= !batch.IsWhole;
            Tail = Math.Max(Tail, batch.End);
            if (batch.Items == 0) File.Delete(path);
            else _batches.Add(batch);
        }
    }

    /// <summary>Position after the last request that was put in.</summary>
    public long Tail { get; private set; }

    /// <summary>Whether files were damaged, so that requests are missing.</summary>
    public bool HasLost { get; set; }

    /// <summary>Requests that wait.</summary>
    public int Waiting => _batches.Sum(batch => batch.Items) - Taken;

    /// <summary>Bytes of the files that hold them.</summary>
    public long WaitingBytes => _batches.Sum(batch => batch.Bytes);

    /// <summary>Requests of the first batch that are done.</summary>
    private int Taken { get; set; }

    /// <summary>Position after the last waiting request of a kind; 0 when none waits.</summary>
    public long TailOf(OutboxKind kind) => _batches.FindLast(batch => batch.Kind == kind)?.End ?? 0;

    /// <summary>Puts requests in, all or none.</summary>
    /// <returns>False when they do not fit.</returns>
    public bool TryAdd(OutboxKind kind, IReadOnlyList<byte[]> requests)
    {
        if (requests.Count == 0) return true;
        long most = kind == OutboxKind.Evidence ? _mostBytes : _mostBytes / 2; // records never take the room of evidence
        if (WaitingBytes + OutboxBatch.SizeOf(requests) > most) return false;
        OutboxBatch batch = OutboxBatch.Write(_directory, Tail, kind, requests);
        _batches.Add(batch);
        Tail = batch.End;
        return true;
    }

    /// <summary>Takes everything of a kind out; returns how many requests that were.</summary>
    public int Drop(OutboxKind kind)
    {
        int dropped = 0;
        foreach (OutboxBatch batch in _batches)
        {
            if (batch.Kind != kind) continue;
            dropped += batch.Items - (batch == _batches[0] ? Taken : 0);
            File.Delete(batch.Path);
        }

        if (_batches.Count > 0 && _batches[0].Kind == kind)
        {
            Taken = 0;
            _current.Clear();
        }

        _batches.RemoveAll(batch => batch.Kind == kind);
        return dropped;
    }

    /// <summary>The request that waits longest.</summary>
    public bool TryPeek(out OutboxItem item)
    {
        while (_batches.Count > 0)
        {
            if (_current.Count == 0)
            {
                var items = new List<OutboxItem>();
                OutboxBatch batch = OutboxBatch.Read(_batches[0].First, _batches[0].Path, _sentTo, items);
                HasLost |= !batch.IsWhole;
                foreach (OutboxItem each in items) _current.Enqueue(each);
                _batches[0] = batch;
                Taken = 0;
            }

            if (_current.TryPeek(out item)) return true;
            RemoveFirst(); // damaged since
        }

        item = default;
        return false;
    }

    /// <summary>The request peeked at is dealt with.</summary>
    public void Done()
    {
        _sentTo = _current.Dequeue().End;
        Taken++;
        _sent.Write(_sentTo);
        if (_current.Count == 0) RemoveFirst();
    }

    private void RemoveFirst()
    {
        File.Delete(_batches[0].Path);
        _batches.RemoveAt(0);
        Taken = 0;
    }
}
