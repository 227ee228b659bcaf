using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bandits.Numerics;
using Bandits.Statistics;

namespace Bandits.Concurrency;

/// <summary>The decisions whose outcome can still be counted or corrected: a ring of fixed slots at (sequence mod capacity).</summary>
/// <remarks>No hash and no list: a slot is evicted by being overwritten. A slot keeps exactly what its outcome added to evidence, so a higher revision takes that back to the last bit.</remarks>
internal sealed class DecisionLedger
{
    public const int WordsPerSlot = 8;
    private const int SlotBytes = 64;
    private readonly Slot[] _slots; // pinned, one more than the capacity: the first one begins at a multiple of 64
    private readonly nint _address;
    private readonly nint _first;
    private readonly int _mask;

    public DecisionLedger(int capacity)
    {
        _slots = GC.AllocateArray<Slot>(capacity + 1, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_slots, 0);
        _first = -address & (SlotBytes - 1);
        _address = address + _first;
        LargePages.AskFor(_address, (nint)capacity * SlotBytes);
        _mask = capacity - 1;
    }

    public int Capacity => _mask + 1;

    /// <summary>Asks for the slot of a decision that will soon be entered, so that its way from memory passes while other things are done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Expect(DecisionId id) => Prefetch.At(_address + (nint)((long)id.Sequence & _mask) * SlotBytes);

    /// <summary>The slot at a place; each fills one line of the processor's cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Slot At(int place) => ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(_slots), _first + (nint)place * SlotBytes); // inside by the mask of every caller

    /// <summary>Writes the slot of a new decision.</summary>
    /// <param name="id">The decision; <paramref name="latest"/> was raised to its sequence by an interlocked operation before this call.</param>
    /// <param name="tag">Its <see cref="TagOf"/>.</param>
    /// <param name="latest">The sequence counter.</param>
    /// <param name="segment">Index of the segment.</param>
    /// <param name="arm">Dense index of the arm.</param>
    /// <param name="predictedQuality">What was expected of it.</param>
    /// <returns>True when the decision is new; false when it was opened before or has been evicted already.</returns>
    /// <remarks>
    /// Takes no lock. The raised counter announces that the slot's former decision is gone, and only then is the slot's gate looked at; a recorder takes
    /// the gate first and only then looks at the counter. Each does so across a full fence, so they cannot miss each other: the
    /// recorder withdraws, or this waits for it. A thread held up here for a whole turn of the ring leaves a slot that nobody's outcome fits;
    /// such an outcome is refused, never miscounted.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Open(DecisionId id, ushort tag, ref long latest, int segment, int arm, float predictedQuality)
    {
        if (IsEvicted(id, ref latest)) return false;
        ref Slot slot = ref At((int)id.Sequence & _mask);
        slot.Gate.BeginRead(); // waits for a recorder inside
        if (slot.Sequence == id.Sequence && slot.Tag == tag) return false; // a supplied id that was decided before: its outcome must not count twice
        slot.Segment = segment;
        slot.Arm = (ushort)arm;
        slot.Tag = tag;
        slot.Parts = OutcomeParts.None;
        slot.PredictedQuality = predictedQuality;
        Volatile.Write(ref slot.Sequence, id.Sequence);
        return true;
    }

    /// <summary>Puts the slot of a replayed decision back, unless that or a later one is there; false when it is.</summary>
    public bool Reopen(DecisionId id, int segment, int arm, float predictedQuality)
    {
        ref Slot slot = ref At((int)id.Sequence & _mask);
        if (slot.Sequence >= id.Sequence) return false;
        slot = new Slot { Sequence = id.Sequence, Segment = segment, Arm = (ushort)arm, Tag = TagOf(id.Incarnation), PredictedQuality = predictedQuality };
        return true;
    }

    /// <summary>Before <see cref="Open"/>: whether it is about to evict a decision that still waits for its judgement, and whose.</summary>
    public bool WouldEvictPending(DecisionId id, ref long latest, out int segment, out int arm)
    {
        ref Slot slot = ref At((int)id.Sequence & _mask);
        slot.Gate.BeginRead(); // waits for a recorder inside; none comes after it, as the counter has announced the eviction
        (segment, arm) = (slot.Segment, slot.Arm);
        return slot.Sequence != 0 && slot.Sequence < id.Sequence && slot.IsPending && !IsEvicted(id, ref latest);
    }

    /// <summary>Sequence of the decision in the place of <paramref name="sequence"/> if nothing is known of how it ended, with its segment, arm and tag; else 0.</summary>
    public ulong PendingAt(long sequence, out int segment, out int arm, out ushort tag)
    {
        ref Slot slot = ref At((int)sequence & _mask);
        slot.Gate.Enter();
        (ulong found, segment, arm, tag) = (slot.Sequence != 0 && (slot.Parts & OutcomeParts.Judgement) == 0 ? slot.Sequence : 0, slot.Segment, slot.Arm, slot.Tag);
        slot.Gate.Exit();
        return found;
    }

    /// <summary>Calls <paramref name="each"/> with segment and arm of every decision that waits for its judgement.</summary>
    public void VisitPending(Action<int, int> each)
    {
        for (int i = 0; i < Capacity; i++)
        {
            ref Slot slot = ref At(i);
            if (slot.Sequence != 0 && slot.IsPending) each(slot.Segment, slot.Arm);
        }
    }

    /// <summary>Decisions that wait for their judgement, if none has a higher sequence than <paramref name="latest"/>. They may change meanwhile.</summary>
    public long CountPending(long latest)
    {
        long count = 0;
        int used = (int)Math.Min(Capacity, latest + 1);
        for (int i = 0; i < used; i++)
        {
            ref readonly Slot slot = ref At(i);
            if (slot.Sequence != 0 && slot.IsPending) count++;
        }

        return count;
    }

    /// <summary>Whether a slot is open for this very decision: its id was supplied, and has been decided before.</summary>
    public bool Holds(DecisionId id)
    {
        ref readonly Slot slot = ref At((int)id.Sequence & _mask);
        return Volatile.Read(in slot.Sequence) == id.Sequence && slot.Tag == TagOf(id.Incarnation);
    }

    /// <summary>Enters the slot of a decision; the caller must leave it by its gate when <see cref="Standing.Open"/> is returned.</summary>
    public Standing TryEnter(DecisionId id, ref long latest, int segment, int arm)
    {
        if (id.Sequence == 0 || id.Sequence > (ulong)Volatile.Read(ref latest)) return Standing.Unknown;
        ref Slot slot = ref At((int)id.Sequence & _mask);
        slot.Gate.Enter(); // a full fence
        Standing standing = IsEvicted(id, ref latest) || slot.Sequence != id.Sequence ? Standing.Evicted
            : slot.Tag == TagOf(id.Incarnation) && slot.Segment == segment && slot.Arm == arm ? Standing.Open : Standing.Unknown;
        if (standing != Standing.Open) slot.Gate.Exit();
        return standing;
    }

    private bool IsEvicted(DecisionId id, ref long latest) => Volatile.Read(ref latest) - (long)id.Sequence > _mask;

    public ref Slot SlotOf(DecisionId id) => ref At((int)id.Sequence & _mask);

    /// <summary>Copies all slots in use; eight words each.</summary>
    public long[] Capture()
    {
        int used = 0;
        for (int i = 0; i < Capacity; i++)
            if (Volatile.Read(ref At(i).Sequence) != 0) used++;
        long[] words = new long[used * WordsPerSlot];
        int count = 0;
        for (int i = 0; i < Capacity; i++)
        {
            ref Slot slot = ref At(i);
            slot.Gate.Enter();
            Slot copy = slot;
            slot.Gate.Exit();
            if (copy.Sequence == 0) continue;
            copy.Gate = default;
            if (count == words.Length) Array.Resize(ref words, Math.Min(Capacity, count / WordsPerSlot * 9 / 8 + 64) * WordsPerSlot); // some came into use meanwhile
            if (copy.Parts == OutcomeParts.None) copy = new Slot { Sequence = copy.Sequence, Segment = copy.Segment, Arm = copy.Arm, Tag = copy.Tag, PredictedQuality = copy.PredictedQuality };
            MemoryMarshal.Write(MemoryMarshal.AsBytes(words.AsSpan(count, WordsPerSlot)), copy);
            count += WordsPerSlot;
        }

        if (count < words.Length) Array.Resize(ref words, count);
        return words;
    }

    /// <summary>Puts captured slots back; those that cannot be valid are left out and counted.</summary>
    public int Restore(ReadOnlySpan<long> words, long latest, int segments, int arms)
    {
        int dropped = 0;
        foreach (ref readonly Slot saved in MemoryMarshal.Cast<long, Slot>(words[..(words.Length - words.Length % WordsPerSlot)]))
        {
            if (saved.Sequence == 0 || saved.Sequence > (ulong)latest || (uint)saved.Segment >= (uint)segments || saved.Arm >= arms || (saved.Parts & ~OutcomeParts.All) != 0
                || saved.CostNanoUsd < 0 || saved.Latency < 0 || (int)saved.Kind > (int)OutcomeKind.Expired || !(saved.PredictedQuality is >= 0 and <= 1))
            {
                dropped++;
                continue;
            }

            ref Slot slot = ref At((int)saved.Sequence & _mask);
            if (slot.Sequence >= saved.Sequence) continue;
            slot = saved;
            slot.Gate = default;
        }

        return dropped;
    }

    /// <summary>Sixteen bits of an incarnation.</summary>
    public static ushort TagOf(ulong incarnation) => (ushort)RandomStream.Mix(incarnation);

    /// <summary>64 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    internal struct Slot
    {
        public ulong Sequence;
        public int Segment;
        public ushort Arm;

        /// <summary>Sixteen bits of the incarnation.</summary>
        public ushort Tag;

        public SequenceLock Gate;
        public float PredictedQuality;
        public ushort JudgementRank;
        public ushort CostRank;
        public ushort LatencyRank;
        public OutcomeParts Parts;
        public OutcomeKind Kind;
        public long CostNanoUsd;

        /// <summary>Microseconds in the low 48 bits, <see cref="Given"/> above.</summary>
        public long Latency;

        /// <summary>Quality in 2^-32 without its top bit, which is <see cref="Given.QualityOne"/>.</summary>
        public uint Quality;

        public uint FirstTokenMicroseconds;
        public uint InputTokens;
        public uint OutputTokens;
        private const long LatencyMask = (1L << 48) - 1;

        [Flags]
        private enum Given : ushort
        {
            Quality = 1,
            QualityOne = 2,
            Cost = 4,
            Tokens = 8,
            Latency = 16,
            Censored = 32,
            FirstToken = 64,
        }

        /// <summary>Whether a judgement is still to come: none yet, or a human's.</summary>
        public readonly bool IsPending => (Parts & OutcomeParts.Judgement) == 0
            || (Kind == OutcomeKind.HumanReview && ((Given)(Latency >> 48) & (Given.Quality | Given.QualityOne)) == 0);

        /// <summary>What this slot has added to evidence.</summary>
        public readonly Contribution Counted()
        {
            var given = (Given)(Latency >> 48);
            return new Contribution
            {
                Parts = Parts,
                Kind = Kind,
                Quality = (given & Given.QualityOne) != 0 ? FixedPoint.QualityOne : (given & Given.Quality) != 0 ? Quality : Contribution.NoQuality,
                HasCost = (given & Given.Cost) != 0,
                CostNanoUsd = CostNanoUsd,
                HasTokens = (given & Given.Tokens) != 0,
                InputTokens = InputTokens,
                OutputTokens = OutputTokens,
                HasLatency = (given & Given.Latency) != 0,
                IsCensored = (given & Given.Censored) != 0,
                LatencyMicroseconds = Latency & LatencyMask,
                HasFirstToken = (given & Given.FirstToken) != 0,
                FirstTokenMicroseconds = FirstTokenMicroseconds,
            };
        }

        /// <summary>Remembers the first parts counted.</summary>
        public void Put(in Contribution c, ushort rank)
        {
            (JudgementRank, CostRank, LatencyRank) = (rank, rank, rank);
            Write(c);
        }

        /// <summary>Remembers the parts just counted, beside or in place of earlier ones.</summary>
        public void Merge(in Contribution c, ushort rank)
        {
            if ((c.Parts & OutcomeParts.Judgement) != 0) JudgementRank = rank;
            if ((c.Parts & OutcomeParts.Cost) != 0) CostRank = rank;
            if ((c.Parts & OutcomeParts.Latency) != 0) LatencyRank = rank;
            Write(Counted().With(c));
        }

        private void Write(in Contribution c)
        {
            Given given = 0;
            if (c.Quality == FixedPoint.QualityOne) given |= Given.QualityOne;
            else if (c.Quality >= 0) given |= Given.Quality;
            if (c.HasCost) given |= Given.Cost;
            if (c.HasTokens) given |= Given.Tokens;
            if (c.HasLatency) given |= Given.Latency;
            if (c.IsCensored) given |= Given.Censored;
            if (c.HasFirstToken) given |= Given.FirstToken;
            Parts = c.Parts;
            Kind = c.Kind;
            Quality = (uint)c.Quality;
            CostNanoUsd = c.CostNanoUsd;
            Latency = c.LatencyMicroseconds | ((long)given << 48);
            FirstTokenMicroseconds = c.FirstTokenMicroseconds;
            InputTokens = c.InputTokens;
            OutputTokens = c.OutputTokens;
        }

        /// <summary>Splits the parts of an outcome of revision rank <paramref name="rank"/> into new ones and corrections; the rest is known.</summary>
        public readonly (OutcomeParts Fresh, OutcomeParts Corrected) Sort(OutcomeParts parts, ushort rank)
        {
            OutcomeParts fresh = parts & ~Parts, corrected = OutcomeParts.None;
            if ((parts & Parts & OutcomeParts.Judgement) != 0 && rank > JudgementRank) corrected |= OutcomeParts.Judgement;
            if ((parts & Parts & OutcomeParts.Cost) != 0 && rank > CostRank) corrected |= OutcomeParts.Cost;
            if ((parts & Parts & OutcomeParts.Latency) != 0 && rank > LatencyRank) corrected |= OutcomeParts.Latency;
            return (fresh, corrected);
        }
    }

    /// <summary>Where a decision stands in the ledger.</summary>
    internal enum Standing
    {
        /// <summary>Its slot is held.</summary>
        Open,

        /// <summary>Its slot belongs to a later decision.</summary>
        Evicted,

        /// <summary>This ledger never issued it.</summary>
        Unknown,
    }
}
