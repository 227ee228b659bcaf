using System.Runtime.CompilerServices;
using Bandits.Numerics;

namespace Bandits.Statistics;

/// <summary>Draws from the law that a belief gives to utility.</summary>
internal static class UtilitySampler
{
    /// <summary>One draw, USD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sample(in Choices choices, int at, ref RandomStream random)
    {
        ref readonly Belief belief = ref choices.Beliefs[at];
        ReadOnlySpan<BetaSampler> kept = choices.Samplers;
        return (uint)at < (uint)kept.Length && belief.IsBeta && belief.Scale != 0
            ? belief.Scale * kept[at].Sample(ref random) + belief.Shift
            : Sample(belief, ref random);
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
