using Bandits.Numerics;

namespace Bandits.Statistics;

/// <summary>Draws from the law that a belief gives to utility.</summary>
internal static class UtilitySampler
{
    /// <summary>One draw, USD.</summary>
    public static double Sample(in Belief belief, ref RandomStream random)
    {
        if (belief.Scale == 0) return belief.Shift;
        double quality = belief.IsBeta ? new BetaSampler(belief.Alpha, belief.Beta).Sample(ref random)
            : belief.QualityMean + belief.Spread * new StudentSampler(belief.Degrees).Sample(ref random);
        return belief.UtilityOf(quality);
    }
}
