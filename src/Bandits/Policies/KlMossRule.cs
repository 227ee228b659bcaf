using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>Chooses by the KL-UCB bound with an exploration that every arm has only its share of. Prefer it for the least regret when nothing is known beforehand; adaptive stands on it.</summary>
/// <remarks>
/// <code>
/// Source      own combination: the bound of Garivier, Cappe (2011), The KL-UCB algorithm for bounded stochastic bandits and beyond, COLT, with the exploration of
///             Audibert, Bubeck (2009), Minimax policies for adversarial and stochastic bandits, COLT (MOSS)
/// Rule        a_t = argmax_a  max { q : n_a kl(x_a, q) &lt;= ln(1 + t / (K n_a)) }
/// Update      none: beliefs are derived from evidence
/// Symbols     x_a -> Belief.SampleMean -> quality -> [0, 1];  n_a -> Belief.Samples + Belief.Pending -> outcomes
///             t -> Choices.Round -> plays so far, pending included -> at least 1;  K -> eligible arms
/// Cost        choose O(K), a logarithm and one solve an arm (<see cref="BernoulliKl"/>), 0 B; state none
/// Departures  ln(1 + x) where MOSS has max(0, ln x): exploration of an arm never ends
///             the bound is carried into utility by the arm's scale and shift; an arm of scale 0 is its shift; exact ties share
///             an untried arm has the index infinity, so untried arms share; pending decisions narrow the bound but leave the mean
/// Guarantee   none proven; measured in docs/regret.md, where its mean is low and its spread over seeds wider than that of IMED
/// </code>
/// </remarks>
public readonly struct KlMossRule : IIndexRule<double>
{
    /// <summary>Ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<KlMossRule, double>(default);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.CountsPending;

    /// <summary>t / K.</summary>
    public double Prepare(in Choices choices) => Math.Max(1, choices.Round) / choices.Beliefs.Length;

    /// <inheritdoc/>
    public double Index(in Belief belief, in double share)
    {
        double n = belief.Samples + belief.Pending;
        return belief.UtilityOf(n > 0 ? BernoulliKl.Upper(belief.SampleMean, Math.Log(1 + share / n) / n).Value : double.PositiveInfinity);
    }
}
