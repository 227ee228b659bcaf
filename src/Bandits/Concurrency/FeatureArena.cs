namespace Bandits.Concurrency;

/// <summary>The features of the decisions that the ledger holds: a ring beside it, at (sequence mod capacity), so that they are there when the outcome comes.</summary>
/// <remarks>Each slot has a lock of its own and names its decision; a reader looks at both before and after it copies, so it gets the numbers of its decision or none. A
/// decision without features touches nothing here: the slot keeps what it has, which no later decision answers to.</remarks>
internal sealed class FeatureArena
{
    private readonly Slot[] _slots;
    private readonly float[] _numbers;
    private readonly int _mask;

    public FeatureArena(int capacity, int count)
    {
        Count = count;
        _slots = new Slot[capacity];
        _numbers = new float[capacity * count];
        _mask = capacity - 1;
    }

    /// <summary>Features of a decision.</summary>
    public int Count { get; }

    /// <summary>Null where no features are kept.</summary>
    public static FeatureArena? Of(RouterOptions options) => options.FeatureCount == 0 ? null : new FeatureArena(options.LedgerCapacity, options.FeatureCount);

    /// <summary>Keeps the features of a new decision, unless it comes so late that the slot belongs to a later one.</summary>
    public void Put(in Decision decision, ReadOnlySpan<float> features, FeatureBase without)
    {
        int at = (int)decision.Id.Sequence & _mask;
        ref Slot slot = ref _slots[at];
        slot.Gate.Enter();
        if (slot.Id.Sequence <= decision.Id.Sequence)
        {
            (slot.Id, slot.Segment, slot.Arm, slot.Without) = (decision.Id, decision.Segment, decision.Arm, without);
            features.CopyTo(NumbersAt(at));
        }

        slot.Gate.Exit();
    }

    /// <summary>Copies the features of a decision; false when the slot is not its own, and then the destination may hold anything.</summary>
    public bool TryGet(in Decision decision, Span<float> destination) => TryGet(decision, destination, out _);

    /// <summary>The same, with what was expected without the features.</summary>
    public bool TryGet(in Decision decision, Span<float> destination, out FeatureBase without)
    {
        int at = (int)decision.Id.Sequence & _mask;
        ref readonly Slot slot = ref _slots[at];
        bool isOwn;
        int sequence;
        do
        {
            sequence = slot.Gate.BeginRead();
            isOwn = slot.Id == decision.Id && slot.Segment == decision.Segment && slot.Arm == decision.Arm;
            without = slot.Without;
            if (isOwn) NumbersAt(at).CopyTo(destination);
        }
        while (!slot.Gate.IsUnchanged(sequence));
        return isOwn;
    }

    /// <summary>The decisions that wait for their judgement, with what is kept of them; see <see cref="RouterState.FeatureSlots"/>.</summary>
    public (long[] Slots, double[] Numbers) Capture(DecisionLedger ledger)
    {
        var slots = new List<long>();
        var numbers = new List<double>();
        for (int at = 0; at < _slots.Length; at++)
        {
            ref Slot slot = ref _slots[at];
            if (slot.Id.IsNone || ledger.PendingAt(at, out _, out _, out _) != slot.Id.Sequence) continue;
            slot.Gate.Enter();
            slots.AddRange([(long)slot.Id.Incarnation, (long)slot.Id.Sequence, (long)slot.Segment.Packed, slot.Arm]);
            numbers.AddRange([slot.Without.Quality, slot.Without.CostUsd, slot.Without.LatencySeconds]);
            foreach (float number in NumbersAt(at)) numbers.Add(number);
            slot.Gate.Exit();
        }

        return ([.. slots], [.. numbers]);
    }

    /// <summary>Takes such decisions back; returns how many cannot be right and were left.</summary>
    public int Restore(ReadOnlySpan<long> slots, ReadOnlySpan<double> numbers)
    {
        int length = 3 + Count, count = slots.Length / 4, left = 0;
        if (numbers.Length != (long)count * length) return count;
        var features = new float[Count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<double> row = numbers.Slice(i * length, length);
            ReadOnlySpan<long> slot = slots.Slice(4 * i, 4);
            bool isSound = slot[1] > 0 && slot[3] is >= 0 and <= ushort.MaxValue;
            for (int j = 0; j < length; j++) isSound &= double.IsNaN(row[j]) ? j == 2 : float.IsFinite((float)row[j]);
            if (!isSound)
            {
                left++;
                continue;
            }

            for (int j = 0; j < Count; j++) features[j] = (float)row[3 + j];
            var decision = new Decision { Id = new DecisionId((ulong)slot[0], (ulong)slot[1]), Segment = new SegmentKey((ulong)slot[2]), Arm = (int)slot[3] };
            Put(decision, features, new FeatureBase((float)row[0], (float)row[1], (float)row[2]));
        }

        return left;
    }

    private Span<float> NumbersAt(int at) => _numbers.AsSpan(at * Count, Count);

    /// <summary>48 bytes.</summary>
    internal struct Slot
    {
        public FeatureBase Without;
        public DecisionId Id;
        public SegmentKey Segment;
        public int Arm;
        public SequenceLock Gate;
    }
}

/// <summary>What was expected of a decision's arm without looking at the features: what a model learns is the difference.</summary>
/// <param name="Quality">Expected quality.</param>
/// <param name="CostUsd">Expected cost, USD.</param>
/// <param name="LatencySeconds">Expected latency, seconds.</param>
internal readonly record struct FeatureBase(float Quality, float CostUsd, float LatencySeconds);
