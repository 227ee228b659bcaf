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
