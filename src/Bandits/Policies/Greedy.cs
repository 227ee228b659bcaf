namespace Bandits.Policies;

/// <summary>Chooses the arm with the highest expected utility. Prefer it behind an exploration share: alone it can lock onto a poor arm.</summary>
/// <remarks>
/// <code>
/// Source      Sutton and Barto (2018), Reinforcement Learning, 2nd ed., section 2.2 (action-value methods)
/// Rule        a_t = argmax_a  E[u_a]
/// Update      none: beliefs are derived from evidence
/// Symbols     E[u_a] -> Belief.Mean -> USD
/// Cost        choose O(K), 0 B; state none
/// Departures  exact ties share the probability instead of the first arm winning
/// Guarantee   none claimed (linear regret without exploration)
/// </code>
/// </remarks>
public readonly struct GreedyRule : IIndexRule<Nothing>
{
    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.IndexIsUtility;

    /// <summary>Greedy on expected utility, ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<GreedyRule, Nothing>(default);

    /// <inheritdoc/>
    public Nothing Prepare(in Choices choices) => default;

    /// <inheritdoc/>
    public double Index(in Belief belief, in Nothing round) => belief.Mean;
}

/// <summary>The round of a rule that prepares nothing.</summary>
public readonly record struct Nothing;
