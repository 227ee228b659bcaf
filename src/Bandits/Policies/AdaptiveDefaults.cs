namespace Bandits.Policies;

/// <summary>What <see cref="Strategy.Adaptive"/> and <see cref="Strategy.AdaptiveDrift"/> are made of. Prefer them when nothing speaks for another policy; no horizon and no gap need be known.</summary>
/// <remarks>
/// <code>
/// Source      chosen in the regret laboratory (docs/regret.md) and frozen; the parts name their own
/// Rule        adaptive: KL-MOSS (<see cref="KlMossRule"/>) over beliefs matched to the variance of outcomes (<see cref="BeliefLaw.Matched"/>)
///             adaptive-drift: the same over outcomes that fade by gamma, an arm restarted when its GLR detector raises an alarm
/// Update      none of its own
/// Symbols     gamma -> Fading -> 0.9998 an outcome: 5,000 outcomes are remembered, so an arm left alone is tried again out of optimism, not at random
///             t of KL-MOSS ends at those 5,000, so at most 212 arms join by time
///             delta -> the false alarm of each detector over an endless run -> 0.01
/// Cost        that of KL-MOSS; drift adds a test of at most some thousand splits, four logarithms each, every fifth outcome of an arm and component watched
/// Departures  matched beliefs carry a bound made for Bernoulli outcomes to grades and costs by their variance, without a proof
/// Guarantee   none claimed beyond the measured table
/// </code>
/// </remarks>
internal static class AdaptiveDefaults
{
    private const double Fading = 0.9998;

    public static IRoutingPolicy Policy => KlMossRule.Policy;

    public static Forgetting Forgetting { get; } = Forgetting.Discount(Fading);

    public static DriftDetection Drift { get; } = new();
}
