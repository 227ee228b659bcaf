namespace Bandits.Policies;

/// <summary>Chooses the arm whose evidence alone has the highest mean: follow the leader. Prefer greedy where priors are worth something; this is the exploiting part of textbooks.</summary>
/// <remarks>
/// <code>
/// Source      Robbins (1952), Some aspects of the sequential design of experiments, Bulletin of the AMS 58; Sutton and Barto (2018), section 2.2
/// Rule        a_t = argmax_a  x_a
/// Update      none: beliefs are derived from evidence
/// Symbols     x_a -> Belief.SampleMean, carried into utility -> USD
/// Cost        choose O(K), 0 B; state none
/// Departures  an untried arm stands at its prior's mean; exact ties share
/// Guarantee   none claimed (linear regret without exploration)
/// </code>
/// </remarks>
public readonly struct SampleMeanRule : IIndexRule<Nothing>
{
    /// <summary>Ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<SampleMeanRule, Nothing>(default);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.IndexIsUtility;

    /// <inheritdoc/>
    public Nothing Prepare(in Choices choices) => default;

    /// <inheritdoc/>
    public double Index(in Belief belief, in Nothing round) => belief.UtilityOf(belief.SampleMean);
}
