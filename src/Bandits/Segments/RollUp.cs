using System.Buffers;
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
            if (node.Graded >= node.NextMassAt) EstimateMass(settings, node);
            node.Gate.Exit();
        }
    }

    /// <summary>Inside the parent's gate: estimates the masses from what the children have contributed.</summary>
    public static void EstimateMass(RouterSettings settings, SegmentNode node)
    {
        int arms = settings.Catalog.Count;
        ReadOnlySpan<SegmentNode> children = node.Children;
        int cells = children.Length * arms;
        Moments[] pool = ArrayPool<Moments>.Shared.Rent(Math.Max(1, 3 * cells));
        Span<Moments> quality = pool.AsSpan(0, cells), cost = pool.AsSpan(cells, cells), latency = pool.AsSpan(2 * cells, cells);
        for (int child = 0; child < children.Length; child++)
        {
            SegmentNode node1 = children[child];
            int sequence;
            do
            {
                sequence = node1.Gate.BeginRead();
                Evidence[] contributed = node1.Rolled.Length > 0 ? node1.Rolled : node1.Own;
                Evidence[][] joined = node1.Joined;
                for (int arm = 0; arm < arms; arm++)
                {
                    int cell = child * arms + arm;
                    (quality[cell], cost[cell], latency[cell]) = default((Moments, Moments, Moments));
                    if (arm < contributed.Length) Add(contributed[arm], 1, cell, quality, cost, latency);
                    for (int origin = 0; origin < Math.Min(joined.Length, settings.OriginWeights.Length); origin++)
                        if (arm < joined[origin].Length) Add(joined[origin][arm], settings.OriginWeights[origin], cell, quality, cost, latency);
                }
            }
            while (!node1.Gate.IsUnchanged(sequence));
        }

        node.Mass.Quality = PoolingMass.Estimate(quality, arms);
        node.Mass.Cost = PoolingMass.Estimate(cost, arms);
        node.Mass.Latency = PoolingMass.Estimate(latency, arms);
        node.NextMassAt = node.Graded + Math.Max(1, node.Graded / MassGrowth);
        ArrayPool<Moments>.Shared.Return(pool);
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
