namespace Bandits.Policies;

/// <summary>What <see cref="Strategy.Adaptive"/> and <see cref="Strategy.AdaptiveDrift"/> are made of. Prefer them when nothing speaks for another policy; no horizon and no gap need be known.</summary>
/// <remarks>
/// <code>
/// Source      chosen in the regret laboratory (docs/regret.md) and frozen; the parts name their own
/// Rule        adaptive: KL-UCB+ (<see cref="KlUcbPlusRule"/>) over beliefs matched to the variance of outcomes (<see cref="BeliefLaw.Matched"/>)
///             adaptive-drift: the same, a share s of decisions spread evenly, an arm restarted when its GLR detector raises an alarm
/// Update      none of its own
/// Symbols     s -> DriftShare -> 0.02 of decisions: an arm that is never the best is still seen a few hundred times in 10,000 x K decisions
///             delta -> the false alarm of each detector over an endless run -> 0.01
/// Cost        that of KL-UCB+; drift adds at most 400 logarithms every fifth outcome of an arm
/// Departures  KL-UCB+ has its proof for Bernoulli outcomes; matched beliefs carry it to grades and costs by their variance, without a proof
/// Guarantee   none claimed beyond the measured table
/// </code>
/// </remarks>
internal static class AdaptiveDefaults
{
    /// <summary>Share of decisions that adaptive-drift spreads evenly over all eligible arms, unless the floor asks for more.</summary>
    public const double DriftShare = 0.02;

    public static IRoutingPolicy Policy => KlUcbPlusRule.Policy;

    public static DriftDetection Drift { get; } = new();

    /// <summary>Whether a strategy is one of the two.</summary>
    public static bool Has(Strategy strategy) => strategy is Strategy.Adaptive or Strategy.AdaptiveDrift;
}
