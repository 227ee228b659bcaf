namespace Bandits.Statistics;

/// <summary>Keeps every eligible arm's probability above a floor. Prefer it whenever decisions are to be judged later by what another policy would have
/// done.</summary>
/// <remarks>
/// <code>
/// Source      Auer, Cesa-Bianchi, Freund, Schapire (2002), The nonstochastic multiarmed bandit problem, SIAM J. Computing 32, Exp3 (mixing with the uniform
///             law)
/// Rule        p'_a = (1 - s) p_a + s / K,   s = max(rate, min(1, K f)):   for s = K f this is (1 - K f) p_a + f
/// Symbols     f -> RouterOptions.ExplorationFloor, [0, 1], acts as at most 1 / K;  rate -> the strategy's exploration share;  K -> eligible arms;  p -> the
///             policy's pmf
/// Cost        O(1), 0 B
/// Departures  the larger of floor and share applies, not their sum: one even share serves both
/// Guarantee   p'_a >= min(f, 1 / K); where the policy plays well without it the price is at most K f times the mean gap, a decision
/// </code>
/// </remarks>
internal static class ExplorationFloor
{
    /// <summary>The share of decisions spread evenly over all eligible arms.</summary>
    public static double Share(double rate, double floor, int eligible) => Math.Max(rate, Math.Min(1, eligible * floor));
}
