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
    /// <summary>The file of what was put in.</summary>
    public const string FileName = "exported.json";

    private const string TailNote = "evidence_tail";
    private const string RefusedNote = "refused_at";

    /// <summary>After refusals in a row every second, fourth, ... collection tries again, at most every 1,024th.</summary>
    private const int MostDoublings = 10;

    private readonly string _path;
    private readonly DiskOutbox _outbox;
    private readonly RaeOptions _options;
    private EvidenceState? _last;
    private long _refusedAt;
    private int _refusals;
    private int _pauses;

    public EvidenceExport(string directory, DiskOutbox outbox, RaeOptions options)
    {
        (_path, _outbox, _options) = (Path.Combine(directory, FileName), outbox, options);
        Bookkeeping kept = Bookkeeping.Read(_path);
        if (kept.States.Count == 1 && outbox.TailOf(OutboxKind.Evidence) <= kept[TailNote] && !outbox.HasLost) (_last, _refusedAt) = (kept.States[0], kept[RefusedNote]);
        else _refusedAt = -1;
    }

    /// <summary>Why there is news that is not told; null when there is no such reason.</summary>
    public string? Warning { get; private set; }

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
        Warning = null;
        now = WithoutUnsendable(now);
        EvidenceState? last = _last is { } known && known.Store == now.Name && known.Dimensions.SequenceEqual(now.Dimensions) && !_outbox.HasLost ? known : null;
        if (beginsChain) return BeginChain(now);
        if (last is null) return now.Cells.Count == 0 || BeginChain(now);
        if (_refusedAt >= 0)
        {
            // What was refused is refused again, until there is something new to say; and whoever refuses that too is asked less and less often.
            if (now.Version <= _refusedAt || _pauses-- > 0) return true;
            return BeginChain(now);
        }

        bool isWaiting = _outbox.TailOf(OutboxKind.Evidence) > 0;
        if (!isWaiting) _refusals = 0;
        List<JoinedEvidence> changed = last.ChangedIn(now.Cells);
        if (changed.Count == 0) return true;
        if (now.Version <= last.Sequence)
        {
            Warning = $"The store is at version {now.Version} and has exported {last.Sequence}, as if it had been put back from a copy: others hear nothing of it until it is ahead of that.";
            return true;
        }

        // While windows wait none is taken back: a server that is slow would be sent beginnings of chains for ever. What does not fit comes with the next window, as sums are cumulative.
        if (isWaiting)
        {
            Put(new EvidenceState(last), now, changed);
            return true;
        }

        return last.Window >= _options.WindowsPerChain ? BeginChain(now) : Put(new EvidenceState(last), now, changed) || BeginChain(now);
    }

    /// <summary>A part of the chain was refused for good: what follows it is of no use to anybody, and the next news begins a chain.</summary>
    public void Refused()
    {
        _refusedAt = _last?.Sequence ?? 0;
        _pauses = (1 << Math.Min(_refusals++, MostDoublings)) - 1;
        Keep(); // before anything is taken out: a hole in the chain must be known of
        Superseded += _outbox.Drop(OutboxKind.Evidence);
    }

    private bool BeginChain(StoreEvidence now)
    {
        Forget();
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
        Forget();
        if (!_outbox.TryAdd(OutboxKind.Evidence, requests))
        {
            Keep();
            return false;
        }

        state.Apply(window, now.Version, cells);
        (_last, _refusedAt) = (state, -1);
        Windows++;
        Keep();
        return true;
    }

    /// <summary>A server's database need not be able to hold every name that a segment may have; one cell must not keep all others from being told.</summary>
    private StoreEvidence WithoutUnsendable(StoreEvidence now)
    {
        List<JoinedEvidence> sendable = now.Cells.FindAll(static cell => IsSendable(cell.ArmId) && !cell.Segment.ToArray().Any(static name => !IsSendable(name)));
        if (sendable.Count == now.Cells.Count) return now;
        Warning = $"{now.Cells.Count - sendable.Count} cells stay here: a name in them holds a NUL or half a surrogate pair.";
        return now with { Cells = sendable };
    }

    private static bool IsSendable(string? name) => name is null || (!name.Contains('\0') && !name.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar));

    /// <summary>The bookkeeping forgets before anything changes and is told afterwards: a crash in between leaves none, and a chain begins anew; never two windows of one number.</summary>
    private void Forget()
    {
        if (!File.Exists(_path) && !System.IO.Directory.Exists(_path)) return;
        File.Delete(_path);
        DirectoryFlush.Flush(Path.GetDirectoryName(_path)!);
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
