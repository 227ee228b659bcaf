using System.Runtime.CompilerServices;
using Bandits.Numerics;

namespace Bandits.Statistics;

/// <summary>Draws from the law that a belief gives to utility, with what does not depend on the draw computed once where that is an ordinary Beta law.</summary>
/// <param name="belief">The belief.</param>
internal readonly struct UtilitySampler(in Belief belief)
{
    private readonly BetaSampler _quality = new(belief.Alpha, belief.Beta);
    private readonly double _scale = belief.Scale;
    private readonly double _shift = belief.Shift;
    private readonly bool _isOrdinary = belief.IsBeta && belief.Scale != 0 && belief.Alpha >= 1 && belief.Beta >= 1;

    /// <summary>One draw, USD, by the constants that the router has kept, if there are any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sample(in Choices choices, int at, ref RandomStream random)
    {
        ReadOnlySpan<UtilitySampler> kept = choices.Samplers;
        if ((uint)at < (uint)kept.Length && kept[at]._isOrdinary) return kept[at]._scale * kept[at]._quality.SampleOrdinary(ref random) + kept[at]._shift;
        RandomStream aside = random; // as in ZigguratNormal
        double utility = Sample(choices.Beliefs[at], ref aside);
        random = aside;
        return utility;
    }

    /// <summary>A draw from a belief alone.</summary>
    public static double Sample(in Belief belief, ref RandomStream random)
    {
        if (belief.Scale == 0) return belief.Shift;
        double quality = belief.IsBeta ? new BetaSampler(belief.Alpha, belief.Beta).Sample(ref random)
            : belief.QualityMean + belief.Spread * new StudentSampler(belief.Degrees).Sample(ref random);
        return belief.UtilityOf(quality);
    }
}
