using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>Chooses the arm with the highest upper bound of Chernoff's inequality. Prefer it to UCB1 wherever quality is success or failure or any grade in [0, 1].</summary>
/// <remarks>
/// <code>
/// Source      Garivier, Cappe (2011), The KL-UCB algorithm for bounded stochastic bandits and beyond, COLT, algorithm 1
/// Rule        a_t = argmax_a  max { q : n_a kl(x_a, q) &lt;= ln t + c ln ln t }
/// Update      none: beliefs are derived from evidence
/// Symbols     x_a -> Belief.SampleMean -> quality -> [0, 1];  n_a -> Belief.Samples + Belief.Pending -> outcomes
///             t -> Choices.Round -> plays so far, pending included -> at least 1;  c -> 0 or more -> 0, as the paper advises in practice
/// Cost        choose O(K), one solve an arm (<see cref="BernoulliKl"/>), 0 B; state none
/// Departures  the bound is carried into utility by the arm's scale and shift; an arm of scale 0 is its shift; exact ties share
///             an untried arm has the index infinity, so untried arms share; pending decisions narrow the bound but leave the mean
///             ln ln t counts from t = e on; all success has the index 1; bounds that round to 1 tie
/// Guarantee   for independent rewards in [0, 1] and c = 3: regret at most sum_a gap_a ln T / kl(x_a, x*) plus lower order, the least possible for Bernoulli
/// </code>
/// </remarks>
public readonly struct KlUcbRule : IIndexRule<double>
{
    private readonly double _c;

    /// <summary>The rule with a second term of exploration.</summary>
    /// <param name="c">Weight of ln ln t, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="c"/> is out of its range.</exception>
    public KlUcbRule(double c)
    {
        if (!(c >= 0 && double.IsFinite(c))) Throw.OutOfRange(nameof(c), c, "0 or more, finite");
        _c = c;
    }

    /// <summary>With c = 0, ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<KlUcbRule, double>(default);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.CountsPending | PolicyTraits.IndexIsUtility;

    /// <summary>ln t + c ln ln t.</summary>
    public double Prepare(in Choices choices)
    {
        double log = Math.Log(Math.Max(1, choices.Round));
        return log + _c * Math.Log(Math.Max(1, log));
    }

    /// <inheritdoc/>
    public double Index(in Belief belief, in double exploration)
    {
        double n = belief.Samples + belief.Pending;
        return belief.UtilityOf(n > 0 ? BernoulliKl.Upper(belief.SampleMean, exploration / n).Value : double.PositiveInfinity);
    }
}
