using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>KL-UCB whose exploration ends with an arm's share of the rounds. Prefer it where both tiny and large gaps occur among few arms.</summary>
/// <remarks>
/// <code>
/// Source      Menard, Garivier (2017), A minimax and asymptotically optimal algorithm for stochastic bandits, ALT, equations (4) and (5)
/// Rule        a_t = argmax_a  max { q : n_a kl(x_a, q) &lt;= g(n_a) },   g(n) = ln+( y (1 + ln+(y)^2) ),  y = t / (K n),  ln+ = max(0, ln)
/// Update      none: beliefs are derived from evidence
/// Symbols     x_a -> Belief.SampleMean -> quality -> [0, 1];  n_a -> Belief.Samples + Belief.Pending -> outcomes
///             t -> Choices.Round -> plays so far, pending included -> at least 1;  K -> eligible arms
/// Cost        choose O(K), two logarithms and one solve an arm (<see cref="BernoulliKl"/>), 0 B; state none
/// Departures  the paper knows the horizon T; here t stands for it, so that nothing need be known ahead, and its proof does not carry over
///             the bound is carried into utility by the arm's scale and shift; an arm of scale 0 is its shift; exact ties share
///             an untried arm has the index infinity, so untried arms share; pending decisions narrow the bound but leave the mean
/// Guarantee   none claimed with t; with T: of order sqrt(K T) whatever the arms, and asymptotically the least possible
/// </code>
/// </remarks>
public readonly struct KlUcbPlusPlusRule : IIndexRule<double>
{
    /// <summary>Ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<KlUcbPlusPlusRule, double>(default);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.CountsPending | PolicyTraits.IndexIsUtility;

    /// <summary>t / K.</summary>
    public double Prepare(in Choices choices) => Math.Max(1, choices.Round) / choices.Beliefs.Length;

    /// <inheritdoc/>
    public double Index(in Belief belief, in double share)
    {
        double n = belief.Samples + belief.Pending;
        if (!(n > 0)) return belief.UtilityOf(double.PositiveInfinity);
        double log = Math.Log(Math.Max(1, share / n));
        double exploration = log + Math.Log(1 + log * log); // y below 1 has ln+ y = 0, hence g = 0
        return belief.UtilityOf(BernoulliKl.Upper(belief.SampleMean, exploration / n).Value);
    }
}
