using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>
/// Chooses by the KL-UCB bound with an exploration that every arm has only its share of, among arms that join as time passes. Prefer it for the least regret
/// when nothing is known beforehand; adaptive stands on it.
/// </summary>
/// <remarks>
/// <code>
/// Source      own combination: the bound of Garivier, Cappe (2011), The KL-UCB algorithm for bounded stochastic bandits and beyond, COLT; the exploration of
///             Audibert, Bubeck (2009), Minimax policies for adversarial and stochastic bandits, COLT (MOSS); the arm-increasing rule of
///             Wang, Audibert, Munos (2008), Algorithms for infinitely many-armed bandits, NIPS 21 (UCB-AIR)
/// Rule        a_t = argmax_a  max { q : n_a kl(x_a, q) &lt;= ln(1 + t / (K n_a)) }  over the K arms tried;
///             an untried arm is next where K &lt; 3 sqrt(t), until then it stands at its prior's mean
/// Update      none: beliefs are derived from evidence
/// Symbols     x_a -> Belief.SampleMean -> quality -> [0, 1];  n_a -> Belief.Samples + Belief.Pending -> outcomes
///             t -> Choices.Round -> plays so far, pending included -> at least 1
/// Cost        choose O(K), a logarithm and one solve an arm (<see cref="BernoulliKl"/>), 0 B; state none
/// Departures  ln(1 + x) where MOSS has max(0, ln x): exploration of an arm never ends
///             3 sqrt(t) where the paper has sqrt(t): up to nine arms join at once, and all of a hundred within 1,100 plays; where every arm tried
///             falls behind the prior's mean, untried ones join sooner
///             the bound is carried into utility by the arm's scale and shift; an arm of scale 0 is its shift; exact ties share
///             an arm that is next has the index infinity, so untried arms share; pending decisions narrow the bound but leave the mean
/// Guarantee   none proven; measured in docs/regret.md, where its mean is low and its spread over seeds wider than that of IMED
/// </code>
/// </remarks>
public readonly struct KlMossRule : IIndexRule<double>
{
    /// <summary>Arms join while there are fewer than this times sqrt(t).</summary>
    private const double Growth = 3;

    /// <summary>Ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<KlMossRule, double>(default);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.CountsPending | PolicyTraits.IndexIsUtility;

    /// <summary>t / K; negative while no further arm is next.</summary>
    public double Prepare(in Choices choices)
    {
        double round = Math.Max(1, choices.Round);
        int tried = 0;
        foreach (ref readonly Belief belief in choices.Beliefs)
            if (belief.Samples + belief.Pending > 0) tried++;
        return tried < Growth * Math.Sqrt(round) ? round / Math.Max(1, tried) : -round / tried;
    }

    /// <inheritdoc/>
    public double Index(in Belief belief, in double share)
    {
        double n = belief.Samples + belief.Pending;
        return belief.UtilityOf(
            n > 0 ? BernoulliKl.Upper(belief.SampleMean, Math.Log(1 + Math.Abs(share) / n) / n).Value
            : share > 0 ? double.PositiveInfinity : belief.SampleMean);
    }
}
