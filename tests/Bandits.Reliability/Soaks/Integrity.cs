using Bandits.Concurrency;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits.Reliability.Soaks;

/// <summary>Walks a router at rest from the root to the ledger: everything must agree with everything.</summary>
internal static class Integrity
{
    /// <summary>Cells are plausible, parents are the sums of what their children carried up, and cells are the sums of what the ledger holds.</summary>
    public static void Check(BanditRouter router, IReadOnlyDictionary<ulong, Decision> decisions)
    {
        foreach (SegmentNode node in router.Nodes)
        {
            MustBePlausible(node, node.Own);
            MustBePlausible(node, node.Rolled);
            MustBePlausible(node, node.Ordered?.Closed ?? []);
            foreach (Evidence[] joined in node.Joined) MustBePlausible(node, joined);
            if (!node.Plan.IsLeaf) MustBeSumOfChildren(node);
        }

        RouterState state = router.CaptureState();
        Ledgers.MustBalance(state, Ledgers.SlotsOf(state), sequence => decisions.TryGetValue(sequence, out Decision decision) ? decision : null);
    }

    /// <summary>The evidence of open and closed epochs together is that of these decisions, everything having been reported.</summary>
    public static void MustBeComplete(BanditRouter router, IEnumerable<Decision> decisions)
    {
        var expected = new Dictionary<(ulong, bool, int), Evidence>();
        foreach (Decision decision in decisions)
        {
            (ulong, bool, int) cell = (decision.Segment.Packed, (decision.Traits & DecisionTraits.AfterFailure) != 0, decision.Arm);
            Evidence sum = expected.GetValueOrDefault(cell);
            sum.Add(Scenario.EndOf(decision));
            expected[cell] = sum;
        }

        foreach (SegmentNode leaf in router.Nodes)
        {
            if (!leaf.Plan.IsLeaf) continue;
            for (int arm = 0; arm < leaf.Own.Length; arm++)
            {
                Evidence found = leaf.Own[arm];
                if (leaf.Ordered is { } ordered && arm < ordered.Closed.Length) found.Add(ordered.Closed[arm]);
                expected.Remove((leaf.Key, leaf.IsConditional, arm), out Evidence sum);
                if (found != sum) throw new BrokenPromiseException($"Segment {leaf.Key:x}, arm {arm}: {Ledgers.Words(found)} after everything was reported; it should be {Ledgers.Words(sum)}.");
            }
        }

        if (expected.Count > 0) throw new BrokenPromiseException($"{expected.Count} cells of decisions are nowhere.");
    }

    /// <summary>Two states hold the same evidence, bit for bit, and the same ledger.</summary>
    /// <param name="live">The state before the store was closed.</param>
    /// <param name="replayed">The state that was read again.</param>
    /// <param name="isOrderKept">Whether every decision was written down, so that changes are detected at the same places.</param>
    public static void MustBeSame(RouterState live, RouterState replayed, bool isOrderKept)
    {
        var others = replayed.Segments.ToDictionary(segment => (segment.Key, segment.IsConditional));
        foreach (SegmentState segment in live.Segments)
        {
            others.Remove((segment.Key, segment.IsConditional), out SegmentState? other);
            for (int arm = 0; arm < live.Arms.Length; arm++)
            {
                (Evidence own, Evidence closed) = CellsOf(segment, arm);
                (Evidence ownAgain, Evidence closedAgain) = other is null ? default : CellsOf(other, arm);
                if (!isOrderKept)
                {
                    own.Add(closed);
                    ownAgain.Add(closedAgain);
                    (closed, closedAgain) = (default, default);
                }

                if (own != ownAgain || closed != closedAgain)
                    throw new BrokenPromiseException($"Segment {segment.Key:x}, arm {arm}: {Ledgers.Words(ownAgain)}, closed {Ledgers.Words(closedAgain)} after reading again; it was {Ledgers.Words(own)}, closed {Ledgers.Words(closed)}.");
            }

            for (int origin = 0; origin < live.Origins.Length; origin++)
                if (!JoinedOf(segment, origin).AsSpan().SequenceEqual(other is null ? [] : JoinedOf(other, origin))) throw new BrokenPromiseException($"Segment {segment.Key:x}: what was joined differs after reading again.");
        }

        if (others.Values.FirstOrDefault(segment => segment.Own.AsSpan().IndexOfAnyExcept(0) >= 0) is { } extra) throw new BrokenPromiseException($"Segment {extra.Key:x} is new after reading again.");
        Dictionary<ulong, DecisionLedger.Slot> slots = Ledgers.SlotsOf(replayed);
        foreach (DecisionLedger.Slot slot in Ledgers.SlotsOf(live).Values)
        {
            if (slot.Parts == OutcomeParts.None) continue; // its entry may have found no room
            if (!slots.TryGetValue(slot.Sequence, out DecisionLedger.Slot again) || !Equals(slot.Counted(), again.Counted()) || Ranks(slot) != Ranks(again))
                throw new BrokenPromiseException($"The slot of sequence {slot.Sequence} differs after reading again.");
        }
    }

    private static (Evidence Own, Evidence Closed) CellsOf(SegmentState segment, int arm) => (Ledgers.CellOf(segment.Own, arm), Ledgers.CellOf(segment.Ordered?.Closed ?? [], arm));

    /// <summary>Room for arms that nothing is known of may be there or not.</summary>
    private static long[] JoinedOf(SegmentState segment, int origin)
    {
        long[] words = origin < segment.Joined.Length ? segment.Joined[origin] : [];
        return words[..(words.AsSpan().LastIndexOfAnyExcept(0) + 1)];
    }

    private static (ushort, ushort, ushort) Ranks(in DecisionLedger.Slot slot) => (slot.JudgementRank, slot.CostRank, slot.LatencyRank);

    private static void MustBePlausible(SegmentNode node, Evidence[] cells)
    {
        for (int arm = 0; arm < cells.Length; arm++)
            if (!cells[arm].IsPlausible) throw new BrokenPromiseException($"Segment {node.Key:x}, arm {arm} is impossible: {Ledgers.Words(cells[arm])}.");
    }

    private static void MustBeSumOfChildren(SegmentNode parent)
    {
        var sums = new Evidence[parent.Own.Length];
        foreach (SegmentNode child in parent.Children)
        {
            Evidence[] contributed = child.Plan.IsLeaf ? child.Rolled : child.Own;
            for (int arm = 0; arm < contributed.Length; arm++)
            {
                if (arm < sums.Length) sums[arm].Add(contributed[arm]);
                else if (contributed[arm] != default) throw new BrokenPromiseException($"Segment {parent.Key:x} knows nothing of arm {arm}; a child does.");
            }
        }

        for (int arm = 0; arm < sums.Length; arm++)
            if (sums[arm] != parent.Own[arm]) throw new BrokenPromiseException($"Segment {parent.Key:x}, arm {arm}: {Ledgers.Words(parent.Own[arm])}; its children carried up {Ledgers.Words(sums[arm])}.");
    }
}
