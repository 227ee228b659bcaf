using Bandits.Concurrency;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <content>Arms that are too slow, and arms that have had what may be spent to learn them.</content>
internal static partial class Planner
{
    /// <summary>Leaves out the arms that surely exceed the limit more often than they may; where all do, those of the least estimated tail stay.</summary>
    private static void ApplyLatency(RouterSettings settings, LatencyLimit limit, SegmentNode leaf, DecisionScratch scratch, ref int eligible)
    {
        Span<double> shares = scratch.Values.AsSpan(0, eligible); // of those that surely exceed it, else below 0
        double least = double.PositiveInfinity;
        for (int i = 0; i < eligible; i++)
        {
            LatencyTail tail = LatencyPooling.TailOf(settings, leaf, scratch.Arms[i], scratch);
            bool isSlow = tail.Size >= settings.MinSamples && ExceedanceTest.IsSure(tail.Exceeding, tail.Size, limit.MostExceeding, limit.Confidence);
            least = Math.Min(least, shares[i] = isSlow ? tail.Share : -1);
        }

        int kept = 0;
        for (int i = 0; i < eligible; i++)
        {
            int arm = scratch.Arms[i];
            if (shares[i] == least) scratch.Arms[kept++] = arm;
            else scratch.Why[arm] |= Ineligibility.TooSlow;
        }

        eligible = kept;
    }

    /// <summary>Outcomes that a belief looks like once an arm is judged by its mean: what is left of its spread is below a ten-thousandth of the value of a success.</summary>
    private const double SettledSamples = 1e8;

    /// <summary>Shows the policy as good as certain beliefs of the arms that have had what may be spent to learn them.</summary>
    private static void EndOptimism(RouterSettings settings, SegmentNode root, DecisionScratch scratch, ReadOnlySpan<int> who)
    {
        for (int i = 0; i < who.Length; i++)
        {
            if (settings.Catalog.Arms[who[i]].ExplorationUsd is not { } most || SpentOn(root, who[i]) < most) continue;
            scratch.Beliefs[i] = Settled(scratch.Beliefs[i]);
            if (scratch.HasFeatures) scratch.Without[who[i]].Belief = Settled(scratch.Without[who[i]].Belief);
        }
    }

    private static double SpentOn(SegmentNode root, int arm)
    {
        while (true)
        {
            int sequence = root.Gate.BeginRead();
            double spent = arm < root.Own.Length ? root.Own[arm].CostSumUsd : 0;
            if (root.Gate.IsUnchanged(sequence)) return spent;
        }
    }

    /// <summary>The same mean without doubt, of a law of the same kind, as all beliefs of a decision are.</summary>
    private static Belief Settled(in Belief belief)
    {
        double mean = Math.Clamp(belief.QualityMean, 1e-6, 1 - 1e-6);
        Belief settled = belief.IsBeta
            ? new Belief(SettledSamples * mean, SettledSamples * (1 - mean), belief.Scale, belief.Shift, SettledSamples)
            : Belief.Student(mean, Math.Sqrt(mean * (1 - mean) / SettledSamples), double.PositiveInfinity, belief.Scale, belief.Shift, SettledSamples);
        return settled with { SampleMean = mean, SampleVariance = Math.Min(belief.SampleVariance, mean * (1 - mean)) };
    }
}
