using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>Chooses the arm whose being the best would contradict the evidence least. Prefer it for low regret at little cost: nothing is solved and no time is needed.</summary>
/// <remarks>
/// <code>
/// Source      Honda, Takemura (2015), Non-asymptotic analysis of a new bandit algorithm for semi-bounded rewards, JMLR 16, algorithm 1
/// Rule        a_t = argmax_a  -( n_a kl(x_a, q_a) + ln n_a ),   q_a = the quality at which arm a has the highest utility of sample means
/// Update      none: beliefs are derived from evidence
/// Symbols     x_a -> Belief.SampleMean -> quality -> [0, 1];  n_a -> Belief.Samples + Belief.Pending -> outcomes
///             q_a -> Belief.QualityAt(highest Belief.UtilityOf(x)) -> quality, any
/// Cost        choose O(K), three logarithms an arm, 0 B; state none
/// Departures  the highest mean is taken in utility and carried back to each arm's quality; the paper's index is minimised, this is minus it
///             an arm that cannot reach the highest mean with any quality has the index minus infinity; so has every imperfect arm beside one of all success
///             an untried arm has the index infinity, so untried arms share; exact ties share; pending decisions count in n_a but leave the mean
/// Guarantee   for Bernoulli rewards: asymptotically the least possible regret
/// </code>
/// </remarks>
public readonly struct ImedRule : IIndexRule<double>
{
    /// <summary>Ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<ImedRule, double>(default);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.CountsPending;

    /// <summary>The highest utility of sample means, USD.</summary>
    public double Prepare(in Choices choices)
    {
        double highest = double.NegativeInfinity;
        foreach (ref readonly Belief belief in choices.Beliefs) highest = Math.Max(highest, belief.UtilityOf(belief.SampleMean));
        return highest;
    }

    /// <inheritdoc/>
    public double Index(in Belief belief, in double highest)
    {
        double n = belief.Samples + belief.Pending;
        if (belief.UtilityOf(belief.SampleMean) >= highest) return n > 0 ? -Math.Log(n) : double.PositiveInfinity;
        if (belief.Scale == 0) return double.NegativeInfinity;
        if (!(n > 0)) return double.PositiveInfinity;
        double q = belief.QualityAt(highest);
        return q > 1 ? double.NegativeInfinity : -(n * BernoulliKl.Divergence(belief.SampleMean, q) + Math.Log(n));
    }
}
