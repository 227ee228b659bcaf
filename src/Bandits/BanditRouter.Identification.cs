using Bandits.Numerics;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <content>Best-arm identification: when is it known which arm is best.</content>
public sealed partial class BanditRouter
{
    /// <summary>
    /// Says whether it is known which enabled arm has the highest utility in a segment. May be asked after every outcome without raising the chance of error; once settled the
    /// answer stays until an arm of the segment restarts, or arms are added, enabled or disabled.
    /// </summary>
    /// <param name="segment">The segment; its own evidence alone counts, nothing borrowed, with joined evidence at its weight.</param>
    /// <param name="delta">Chance of ever naming a wrong arm, in (0, 1); expected cost and latency are taken as if they were known.</param>
    /// <remarks>See <see cref="StoppingRule"/> for the source. The guarantee is for independent outcomes of fixed means.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is out of its range.</exception>
    /// <exception cref="ArgumentException">The segment is unknown.</exception>
    public BestArm BestArmOf(SegmentKey segment, double delta)
    {
        if (!(delta > 0 && delta < 1)) Throw.OutOfRange(nameof(delta), delta, "(0, 1)");
        RouterSettings settings = Volatile.Read(ref _settings);
        SegmentNode leaf = LeafOf(segment);
        var beliefs = new Belief[settings.Catalog.Count];
        var arms = new int[beliefs.Length];
        int count = 0;
        long question = BitConverter.DoubleToInt64Bits(delta);
        for (int arm = 0; arm < arms.Length; arm++)
        {
            if (settings.Catalog.Status[arm] != ArmStatus.Enabled) continue;
            question += (long)RandomStream.Mix((ulong)arm + 1); // another set of arms is another question
            (beliefs[count], arms[count++]) = (BeliefDerivation.DeriveAlone(settings, leaf, arm).Belief, arm);
        }

        if (count == 0) return default;
        Verdict verdict = StoppingRule.Evaluate(beliefs.AsSpan(0, count), delta);
        leaf.Gate.Enter();
        OrderedState ordered = leaf.OrderedOf(settings);
        if (ordered.Question != question) (ordered.Question, ordered.Answer) = (question, default);
        bool isSettled = ordered.Answer.Observe(beliefs.AsSpan(0, count), arms.AsSpan(0, count), delta);
        int best = isSettled ? ordered.Answer.Arm : arms[verdict.Best];
        leaf.Gate.Exit();
        return new BestArm(settings.Catalog.Arms[best].Id, isSettled, verdict.Statistic, verdict.Threshold);
    }
}
