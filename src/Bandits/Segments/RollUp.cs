using System.Buffers;
using System.Numerics;
using Bandits.Concurrency;
using Bandits.Statistics;

namespace Bandits.Segments;

/// <summary>Carries a leaf's new evidence to its parents, by count, and keeps the parents' pooling masses up to date.</summary>
internal static class RollUp
{
    /// <summary>A cell is carried up once its new outcomes are a sixteenth of all its outcomes.</summary>
    private const int Lag = 16;

    /// <summary>A parent's masses are estimated again once it has grown by a tenth.</summary>
    private const int MassGrowth = 10;

    /// <summary>Cells that are looked at together when masses are estimated: bounds the memory that takes, whatever the number of children and arms.</summary>
    private const int CellsAtOnce = 1 << 18;

    /// <summary>Moments of up to so many are a thread's own memory, 384 KiB at most; more are borrowed.</summary>
    private const int MostKept = 1 << 14;

    [ThreadStatic]
    private static Moments[]? t_moments;

    /// <summary>Inside the leaf's gate: counts one recording; true when the cell must now be carried up.</summary>
    public static bool IsDue(SegmentNode leaf, int arm, bool immediate)
    {
        if (leaf.Parent is null || leaf.IsConditional) return false;
        ref (long Rolled, long Since) progress = ref leaf.Progress[arm];
        progress.Since++;
        return immediate || progress.Since * Lag >= progress.Rolled + progress.Since;
    }

    /// <summary>Inside the leaf's gate: takes what the parents lack of one cell.</summary>
    public static void Take(SegmentNode leaf, int arm, out Evidence delta)
    {
        delta = leaf.Own[arm];
        delta.Remove(leaf.Rolled[arm]);
        leaf.Rolled[arm] = leaf.Own[arm];
        ref (long Rolled, long Since) progress = ref leaf.Progress[arm];
        progress = (progress.Rolled + progress.Since, 0);
    }

    /// <summary>Adds to every parent, the root last: its sequence tells all plans that something changed.</summary>
    public static void Carry(RouterSettings settings, SegmentNode leaf, int arm, in Evidence delta)
    {
        for (SegmentNode? node = leaf.Parent; node is not null; node = node.Parent)
        {
            node.Gate.Enter();
            node.EnsureArms(Math.Max(settings.Catalog.Count, arm + 1), isLeaf: false); // the arm may be newer than the settings
            node.Own[arm].Add(delta);
            node.Graded += delta.Graded;
            bool isDue = node.Graded >= node.NextMassAt;
            if (isDue) node.NextMassAt = NextMassAt(node);
            node.Gate.Exit();
            if (isDue) EstimateMass(settings, node);
        }
    }

    /// <summary>Adds a change of a leaf's cost shift to every parent.</summary>
    public static void Carry(RouterSettings settings, SegmentNode leaf, int arm, CostShift change)
    {
        for (SegmentNode? node = leaf.Parent; node is not null; node = node.Parent)
        {
            node.Gate.Enter();
            if (node.CostShifts.Length <= arm) Array.Resize(ref node.CostShifts, Math.Max(arm + 1, settings.Catalog.Count));
            node.CostShifts[arm] += change;
            node.Gate.Exit();
        }
    }

    private static long NextMassAt(SegmentNode node) => node.Graded + Math.Max(1, node.Graded / MassGrowth);

    /// <summary>Arms that any of the nodes knows anything of, at most those of the settings.</summary>
    private static int ArmsOf(RouterSettings settings, ReadOnlySpan<SegmentNode> nodes)
    {
        int arms = 0;
        foreach (SegmentNode node in nodes)
        {
            arms = Math.Max(arms, node.Own.Length);
            foreach (Evidence[] joined in node.Joined) arms = Math.Max(arms, joined.Length);
        }

        return Math.Min(arms, settings.Catalog.Count);
    }

    /// <summary>Estimates the masses of a parent from what its children have contributed; its gate is held for the result only, as who decides waits there.</summary>
    public static void EstimateMass(RouterSettings settings, SegmentNode node)
    {
        ReadOnlySpan<SegmentNode> children = node.Children;
        int arms = ArmsOf(settings, children), most = Math.Clamp(CellsAtOnce / Math.Max(1, children.Length), 1, Math.Max(1, arms));
        int needed = 3 * children.Length * most;
        Moments[] pool = needed <= MostKept ? Kept(needed) : ArrayPool<Moments>.Shared.Rent(needed);
        PoolingMass.Sums quality = default, cost = default, latency = default;
        for (int from = 0; from < arms; from += most)
        {
            int count = Math.Min(most, arms - from), cells = children.Length * count;
            Span<Moments> qualities = pool.AsSpan(0, cells), costs = pool.AsSpan(cells, cells), latencies = pool.AsSpan(2 * cells, cells);
            for (int child = 0; child < children.Length; child++) Read(settings, children[child], from, count, child * count, qualities, costs, latencies);
            quality.Add(qualities, count);
            cost.Add(costs, count);
            latency.Add(latencies, count);
        }

        if (needed > MostKept) ArrayPool<Moments>.Shared.Return(pool);
        node.Gate.Enter();
        node.Mass = new PoolingMass { Quality = quality.Mass, Cost = cost.Mass, Latency = latency.Mass };
        node.NextMassAt = NextMassAt(node);
        node.Gate.Exit();
    }

    /// <summary>This thread's working memory, which stays: that of a shared pool is given up at some collection, and taken anew inside somebody's call.</summary>
    private static Moments[] Kept(int count)
    {
        if (t_moments is { } kept && kept.Length >= count) return kept;
        return t_moments = new Moments[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, count))];
    }

    /// <summary>Copies what a child has contributed of some arms to <paramref name="at"/> and on.</summary>
    private static void Read(RouterSettings settings, SegmentNode child, int from, int count, int at, Span<Moments> quality, Span<Moments> cost, Span<Moments> latency)
    {
        int sequence;
        do
        {
            sequence = child.Gate.BeginRead();
            Evidence[] rolled = child.Rolled, contributed = rolled.Length > 0 ? rolled : child.Own;
            Evidence[][] joined = child.Joined;
            for (int i = 0; i < count; i++)
            {
                int cell = at + i, arm = from + i;
                (quality[cell], cost[cell], latency[cell]) = default((Moments, Moments, Moments));
                if (arm < contributed.Length) Add(contributed[arm], 1, cell, quality, cost, latency);
                for (int origin = 0; origin < Math.Min(joined.Length, settings.OriginWeights.Length); origin++)
                    if (arm < joined[origin].Length) Add(joined[origin][arm], settings.OriginWeights[origin], cell, quality, cost, latency);
            }
        }
        while (!child.Gate.IsUnchanged(sequence));
    }

    private static void Add(in Evidence e, double weight, int cell, Span<Moments> quality, Span<Moments> cost, Span<Moments> latency)
    {
        quality[cell] = Sum(quality[cell], weight, e.Graded, e.QualitySum, e.QualitySquareSum);
        cost[cell] = Sum(cost[cell], weight, e.Costed, e.CostSumUsd, e.CostSquareSumUsd);
        latency[cell] = Sum(latency[cell], weight, e.Timed, e.LatencySumSeconds, e.LatencySquareSumSeconds);

        static Moments Sum(Moments m, double weight, double count, double sum, double squares) =>
            new(m.Count + weight * count, m.Sum + weight * sum, m.Squares + weight * squares);
    }
}
