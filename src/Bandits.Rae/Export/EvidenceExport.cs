using System.Buffers.Binary;
using System.Security.Cryptography;
using Bandits.Rae.Formats;
using Bandits.Rae.Outbox;
using Bandits.Storage;

namespace Bandits.Rae.Export;

/// <summary>Puts windows of a store's evidence into the outbox, and keeps beside it what was put in, so that the next window is what changed since.</summary>
/// <remarks>
/// Outbox and bookkeeping are two files, and a crash may come between them: whenever they do not agree, a new chain begins with every cell. Sums are cumulative, so nothing is lost and nothing counts twice.
/// </remarks>
internal sealed class EvidenceExport
{
    private const string TailNote = "evidence_tail";
    private const string RefusedNote = "refused_at";

    private readonly string _path;
    private readonly DiskOutbox _outbox;
    private readonly RaeOptions _options;
    private EvidenceState? _last;
    private long _refusedAt;

    public EvidenceExport(string directory, DiskOutbox outbox, RaeOptions options)
    {
        (_path, _outbox, _options) = (Path.Combine(directory, "exported.json"), outbox, options);
        Bookkeeping kept = Bookkeeping.Read(_path);
        if (kept.States.Count == 1 && outbox.TailOf(OutboxKind.Evidence) <= kept[TailNote] && !outbox.HasLost) (_last, _refusedAt) = (kept.States[0], kept[RefusedNote]);
        else _refusedAt = -1;
    }

    /// <summary>Windows put in since opening.</summary>
    public long Windows { get; private set; }

    /// <summary>Requests that were taken out again because a newer chain stands for them.</summary>
    public long Superseded { get; private set; }

    /// <summary>Puts in what changed; every cell where a chain has to begin.</summary>
    /// <param name="now">What the store holds.</param>
    /// <param name="beginsChain">Whether to begin a chain though none has to.</param>
    /// <returns>False when there is no room even for what is new alone.</returns>
    public bool TryCollect(StoreEvidence now, bool beginsChain)
    {
        EvidenceState? last = _last is { } known && known.Store == now.Name && known.Dimensions.SequenceEqual(now.Dimensions) && !_outbox.HasLost ? known : null;
        if (!beginsChain && _refusedAt >= 0 && last is not null && now.Version <= _refusedAt) return true; // what was refused is refused again, until there is something new to say
        if (last is null && now.Cells.Count == 0) return true;
        List<JoinedEvidence> changed = last?.ChangedIn(now.Cells) ?? now.Cells;
        if (last is null || beginsChain || _refusedAt >= 0) return BeginChain(now);
        if (changed.Count == 0 || now.Version <= last.Sequence) return true;
        if (last.Window >= _options.WindowsPerChain) return BeginChain(now);
        return Put(new EvidenceState(last), now, changed) || BeginChain(now);
    }

    /// <summary>A part of the chain was refused for good: what follows it is of no use to anybody, and the next news begins a chain.</summary>
    public void Refused()
    {
        Superseded += _outbox.Drop(OutboxKind.Evidence);
        _refusedAt = _last?.Sequence ?? 0;
        Keep();
    }

    private bool BeginChain(StoreEvidence now)
    {
        // The bookkeeping forgets first: were it told last, a crash in between would leave a hole in the old chain.
        File.Delete(_path);
        DirectoryFlush.Flush(Path.GetDirectoryName(_path)!);
        _last = null;
        _outbox.HasLost = false;
        Superseded += _outbox.Drop(OutboxKind.Evidence);
        return Put(new EvidenceState(now.Name, FreshChain(), now.Dimensions), now, now.Cells);
    }

    private bool Put(EvidenceState state, StoreEvidence now, List<JoinedEvidence> cells)
    {
        long window = state.Window + 1;
        var requests = new List<byte[]>();
        foreach (EvidencePart part in EvidenceParts.Cut(state, window, now.Version, cells, _options.CellsPerPart)) requests.Add(EvidencePartWriter.ToRequest(part, _options));
        if (!_outbox.TryAdd(OutboxKind.Evidence, requests)) return false;
        state.Apply(window, now.Version, cells);
        (_last, _refusedAt) = (state, -1);
        Windows++;
        Keep();
        return true;
    }

    private void Keep()
    {
        if (_last is null) return;
        new Bookkeeping(new Dictionary<string, long> { [TailNote] = _outbox.Tail, [RefusedNote] = _refusedAt }, [_last]).Write(_path);
    }

    private static ulong FreshChain()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
