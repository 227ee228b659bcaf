namespace Bandits;

/// <summary>What is good, as a linear utility in USD: <c>u = V q - c cost - tau latency</c>.</summary>
/// <remarks>
/// Never relative to the other arms, so that removing one does not reorder the rest; applied when deciding, so that one
/// history serves every objective.
/// </remarks>
/// <param name="ValueUsd">V: what a success (quality 1) is worth, USD, 0 or more.</param>
/// <param name="CostMultiplier">c: what a dollar of cost weighs; 1 as it is, 0 to ignore cost.</param>
/// <param name="LatencyUsdPerSecond">tau: what a second of latency costs, USD, 0 or more.</param>
public readonly record struct Objective(double ValueUsd, double CostMultiplier, double LatencyUsdPerSecond)
{
    /// <summary>Quality alone.</summary>
    public static Objective Quality => new(1, 0, 0);

    /// <summary>Cost alone; meant to stand behind a quality floor.</summary>
    public static Objective Cost => new(0, 1, 0);

    /// <summary>
    /// The classic weights as dollars: <c>V = successWeight / costWeight x referenceCostUsd</c>. With weights 0.7 and 0.3 and a reference of $0.10 a
    /// success is worth $0.233: one percentage point of success rate outweighs $0.00233 of cost. A cost weight of 0 is <see cref="Quality"/>.
    /// </summary>
    /// <param name="successWeight">Weight of success, 0 or more.</param>
    /// <param name="costWeight">Weight of cost, 0 or more.</param>
    /// <param name="referenceCostUsd">The fixed cost that cost weight 1 is measured in, USD, above 0; never taken from the data.</param>
    /// <param name="latencyUsdPerSecond">What a second costs, USD.</param>
    public static Objective FromWeights(double successWeight, double costWeight, double referenceCostUsd, double latencyUsdPerSecond = 0) =>
        costWeight == 0
            ? new Objective(1, 0, latencyUsdPerSecond)
            : new Objective(successWeight / costWeight * referenceCostUsd, 1, latencyUsdPerSecond);
}
