using Bandits.Concurrency;
using Bandits.Statistics;

namespace Bandits.Segments;

/// <summary>Latencies between a segment and the root: what is carried up, and what is borrowed.</summary>
internal static class LatencyPooling
{
    /// <summary>Outcomes of other segments that a segment's tail takes in at most.</summary>
    private const double MostBorrowed = 20;

    [ThreadStatic]
    private static LatencyHistogram t_moved;

    /// <summary>Adds what the root lacks of a segment's cell to it, each in a stay inside its own gate.</summary>
    public static void Carry(SegmentNode leaf, int arm)
    {
        ref LatencyHistogram moved = ref t_moved;
        moved.Clear();
        leaf.Gate.Enter();
        if (arm < leaf.Latencies.Length)
        {
            moved.Add(leaf.Latencies[arm].Waiting);
            leaf.Latencies[arm].Waiting.Clear();
        }

        leaf.Gate.Exit();
        if (moved.IsEmpty) return;
        SegmentNode root = leaf.Root;
        root.Gate.Enter();
        root.LatenciesOf(arm).Own.Add(moved);
        root.Gate.Exit();
    }

    /// <summary>The tail of an arm in a segment: its own outcomes and at most <see cref="MostBorrowed"/> of the others'.</summary>
    public static LatencyTail TailOf(RouterSettings settings, SegmentNode leaf, int arm, DecisionScratch scratch)
    {
        Span<double> counts = scratch.LatencyCounts();
        const int Length = LatencyHistogram.BucketCount;
        Span<double> events = counts[..Length], censored = counts.Slice(Length, Length), elsewhere = counts[(2 * Length)..];
        bool pools = settings.Pooling && leaf.Parent is not null;
        int sequence;
        do
        {
            sequence = leaf.Gate.BeginRead();
            counts.Clear();
            if (leaf.Latencies is not { } cells || arm >= cells.Length) continue;
            cells[arm].Own.AddTo(events, censored, 1);
            if (!pools || !leaf.LendsLatencies) continue;
            cells[arm].Own.AddTo(elsewhere[..Length], elsewhere[Length..], -1);
            cells[arm].Waiting.AddTo(elsewhere[..Length], elsewhere[Length..], 1);
        }
        while (!leaf.Gate.IsUnchanged(sequence));
        if (pools) Borrow(leaf.Root, arm, counts[..(2 * Length)], elsewhere, scratch);
        return LatencyTail.Beyond(settings.LatencyBucket, events, censored);
    }

    /// <summary>Adds what the root has beside the segment's own.</summary>
    private static void Borrow(SegmentNode root, int arm, Span<double> own, Span<double> elsewhere, DecisionScratch scratch)
    {
        Span<double> all = scratch.LatencySums();
        int half = all.Length / 2, sequence;
        do
        {
            sequence = root.Gate.BeginRead();
            all.Clear();
            if (root.Latencies is { } cells && arm < cells.Length) cells[arm].Own.AddTo(all[..half], all[half..], 1);
        }
        while (!root.Gate.IsUnchanged(sequence));

        double sum = 0;
        for (int i = 0; i < all.Length; i++) sum += elsewhere[i] = Math.Max(0, elsewhere[i] + all[i]);
        double weight = Math.Min(1, MostBorrowed / sum);
        if (!(sum > 0)) return;
        for (int i = 0; i < own.Length; i++) own[i] += weight * elsewhere[i];
    }
}
