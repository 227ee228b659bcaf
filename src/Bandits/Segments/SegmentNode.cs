using Bandits.Concurrency;
using Bandits.Statistics;

namespace Bandits.Segments;

/// <summary>One node of the segment tree: a leaf holds what was recorded, a parent the sum of what its leaves have rolled up.</summary>
/// <remarks>Everything mutable here is written inside <see cref="Gate"/>; readers copy inside the same gate and check.</remarks>
internal sealed class SegmentNode
{
    private readonly CellBudget? _budget;

    public SegmentNode(ulong key, int index, int depth, SegmentNode? parent, bool isLeaf, bool isConditional = false, CellBudget? budget = null)
    {
        (Key, Index, Depth, Parent, IsConditional, _budget) = (key, index, depth, parent, isConditional, budget);
        Plan = new Plan(this, isLeaf);
    }

    public SequenceLock Gate;

    /// <summary>This store's own evidence by arm.</summary>
    public Evidence[] Own = [];

    /// <summary>Of a leaf with a parent: what the parents have of <see cref="Own"/>.</summary>
    public Evidence[] Rolled = [];

    /// <summary>Outcomes behind <see cref="Rolled"/>, and those since.</summary>
    public (long Rolled, long Since)[] Progress = [];

    /// <summary>Joined evidence by origin number and arm.</summary>
    public Evidence[][] Joined = [];

    /// <summary>By arm: what restating costs at other prices has changed in the sums of <see cref="Own"/>; empty until a price changes.</summary>
    public CostShift[] CostShifts = [];

    /// <summary>Position in the journal of the latest change of prices that is in them.</summary>
    public long RestatedAt;

    /// <summary>By arm: how long attempts took, while there is a limit to that; of all parents the root alone has it.</summary>
    public LatencyCell[] Latencies = [];

    /// <summary>State of the model of features, where this node keeps one; empty until it has learnt.</summary>
    public double[] Model = [];

    /// <summary>By arm: outcomes that the model has learnt, and those at which it next borrows.</summary>
    public (long Learnt, long Next)[] ModelBorrowed = [];

    /// <summary>Position after the journal's last entry that the model has learnt.</summary>
    public long ModelPosition;

    /// <summary>Of a parent: how much its evidence is worth to its children.</summary>
    public PoolingMass Mass = new();

    /// <summary>Of a parent: outcomes at which <see cref="Mass"/> is estimated again.</summary>
    public long NextMassAt = 1;

    /// <summary>Of a parent: graded outcomes rolled up.</summary>
    public long Graded;

    /// <summary>Of a leaf: its exploration share.</summary>
    public AdaptiveExploration Exploration;

    /// <summary>Of a leaf: what the overall exploration share has not seen yet.</summary>
    public (int Count, double Shortfall, double Variance) Unseen;

    /// <summary>Of a leaf: the beliefs kept for a policy that chooses by itself; null until one does.</summary>
    public KeptChoices? Choices;

    /// <summary>Of a leaf: what depends on the order of things; null until the settings ask for it.</summary>
    public OrderedState? Ordered;

    /// <summary>Of a leaf: which arm is best, once somebody has asked.</summary>
    public IdentifiedArm? Identified;

    /// <summary>Of a leaf: position after the journal's last entry that changed it.</summary>
    public long Position;

    /// <summary>Of a leaf: position of the journal's entry that names it; -1 when there is none.</summary>
    public long NamedAt = -1;

    /// <summary>Of a leaf: the cells of attempts made because another arm's answer was not good enough; null until there is one.</summary>
    public SegmentNode? Conditional;

    private SegmentNode[] _children = [];
    private int _childCount;

    public ulong Key { get; }

    public int Index { get; }

    public int Depth { get; }

    public SegmentNode? Parent { get; }

    /// <summary>Whether its tasks are those at which another arm has failed: it borrows from its parent, and lends nothing.</summary>
    public bool IsConditional { get; }

    /// <summary>Whether the root has its latencies as well.</summary>
    public bool LendsLatencies => Parent is not null && !IsConditional;

    public SegmentNode Root => Parent is null ? this : Parent.Root;

    /// <summary>Of a leaf: the decision kept until beliefs change.</summary>
    public Plan Plan { get; }

    public ReadOnlySpan<SegmentNode> Children
    {
        get
        {
            int count = Volatile.Read(ref _childCount); // before the array, which holds at least so many from then on
            return Volatile.Read(ref _children).AsSpan(0, count);
        }
    }

    /// <summary>Inside the gate: makes room for arms.</summary>
    public void EnsureArms(int arms, bool isLeaf)
    {
        if (Own.Length >= arms) return;
        _budget?.Take(arms - Own.Length);
        Array.Resize(ref Own, arms);
        if (!isLeaf || Parent is null) return;
        Array.Resize(ref Rolled, arms);
        Array.Resize(ref Progress, arms);
    }

    /// <summary>Inside the gate: the latencies of an arm.</summary>
    public ref LatencyCell LatenciesOf(int arm)
    {
        if (Latencies.Length <= arm) Array.Resize(ref Latencies, Math.Max(arm + 1, Own.Length));
        return ref Latencies[arm];
    }

    /// <summary>The kept choices, made if need be; of two threads that make them one wins.</summary>
    public KeptChoices NewChoices()
    {
        Interlocked.CompareExchange(ref Choices, new KeptChoices(), null);
        return Choices;
    }

    /// <summary>Inside the gate: the ordered state with room for all that the settings ask for.</summary>
    public OrderedState OrderedOf(RouterSettings settings)
    {
        EnsureArms(settings.Catalog.Count, isLeaf: true);
        OrderedState ordered = Ordered ??= new OrderedState();
        ordered.Ensure(settings);
        return ordered;
    }

    /// <summary>Inside the gate: the joined cells of an origin.</summary>
    public Evidence[] JoinedOf(int origin, int arms)
    {
        if (Joined.Length <= origin)
        {
            var grown = new Evidence[origin + 1][];
            Joined.CopyTo(grown, 0);
            for (int i = Joined.Length; i < grown.Length; i++) grown[i] = [];
            Joined = grown;
        }

        if (Joined[origin].Length < arms)
        {
            _budget?.Take(arms - Joined[origin].Length);
            var cells = new Evidence[arms];
            Joined[origin].CopyTo(cells, 0);
            Evidence[][] replaced = [.. Joined];
            replaced[origin] = cells;
            Joined = replaced;
        }

        return Joined[origin];
    }

    /// <summary>Called by the segment map, which allows one writer.</summary>
    public void AddChild(SegmentNode child)
    {
        SegmentNode[] children = _children;
        if (_childCount == children.Length)
        {
            Array.Resize(ref children, Math.Max(4, children.Length * 2));
            Volatile.Write(ref _children, children);
        }

        children[_childCount] = child;
        Volatile.Write(ref _childCount, _childCount + 1);
    }
}
