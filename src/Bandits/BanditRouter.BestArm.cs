using Bandits.Concurrency;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <content>Which arm is best, and whether that is known.</content>
public sealed partial class BanditRouter
{
    /// <summary>
    /// Whether it is known which enabled arm has the highest expected utility in a segment. May be asked as often as one likes: the chance that a wrong arm
    /// is ever named as known is at most <paramref name="delta"/>, however many looks. Once known it stays known, until a change is detected in the segment,
    /// an arm is added or changes its status, or another <paramref name="delta"/> is asked for; the answer is kept in this process and not saved.
    /// </summary>
    /// <param name="segment">The segment.</param>
    /// <param name="delta">Chance of a wrong answer, in (0, 1).</param>
    /// <remarks>
    /// Counts the segment's own graded outcomes since the last detected change and nothing borrowed or joined; expected cost, latency and availability are
    /// taken as if known. Assumes that an arm's quality does not change meanwhile. Allocates nothing on the way of a decision; costs O(arms).
    /// Source: Kaufmann, Koolen (2021), Mixture martingales revisited, JMLR 22.
    /// </remarks>
    /// <exception cref="ArgumentException">The segment is of another schema.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is out of its range.</exception>
    public BestArmVerdict BestArm(SegmentKey segment, double delta = 0.05)
    {
        if (!(delta > 0 && delta < 1)) Throw.OutOfRange(nameof(delta), delta, "(0, 1)");
        RouterSettings settings = Volatile.Read(ref _settings);
        SegmentNode leaf = LeafOf(segment);
        DecisionScratch scratch = ScratchFor(settings);
        BeliefDerivation.Derive(settings, leaf, _availability, 0, scratch, out _);
        int count = 0;
        leaf.Gate.Enter();
        try
        {
            for (int arm = 0; arm < settings.Catalog.Count; arm++)
            {
                if (settings.Catalog.Status[arm] != ArmStatus.Enabled) continue;
                Belief belief = scratch.Estimates[arm].Belief;
                Evidence own = At(leaf.Own, arm);
                long graded = own.QualityCount;
                double successes = graded > 0 ? Math.Clamp(own.QualitySum, 0, graded) : 0;
                scratch.Arms[count] = arm;
                scratch.Beliefs[count++] = new Belief(1 + successes, 1 + graded - successes, belief.Scale, belief.Shift, graded)
                {
                    SampleMean = graded > 0 ? successes / graded : 0.5,
                };
            }

            if (count == 0) return new BestArmVerdict(-1, false, 0, double.PositiveInfinity);
            ReadOnlySpan<Belief> beliefs = scratch.Beliefs.AsSpan(0, count);
            IdentifiedArm identified = leaf.Identified ??= new IdentifiedArm();
            identified.Reopen(settings.Catalog, delta, leaf.Ordered?.Restarts ?? 0);
            bool isSettled = identified.Answer.Observe(beliefs, scratch.Arms.AsSpan(0, count), delta);
            Verdict verdict = StoppingRule.Evaluate(beliefs, delta);
            return new BestArmVerdict(isSettled ? identified.Answer.Arm : scratch.Arms[verdict.Best], isSettled, verdict.Statistic, verdict.Threshold);
        }
        finally
        {
            leaf.Gate.Exit();
        }
    }
}
