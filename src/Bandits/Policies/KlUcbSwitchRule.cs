using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>Chooses by the KL-UCB bound while an arm has few outcomes and by the MOSS bound afterwards. Prefer it where both the average and the worst case count.</summary>
/// <remarks>
/// <code>
/// Source      Garivier, Hadiji, Menard, Stoltz (2022), KL-UCB-switch: optimal regret bounds for stochastic bandits from both a distribution-dependent and a
///             distribution-free viewpoints, JMLR 23(179), the anytime version
/// Rule        a_t = argmax_a  max { q : n_a kl(x_a, q) &lt;= f }             where n_a &lt;= (t / K)^(1/5)
///                             x_a + sqrt(f / (2 n_a))                       elsewhere;   f = phi(t / (K n_a)),  phi(x) = ln+( x (1 + ln+(x)^2) )
/// Update      none: beliefs are derived from evidence
/// Symbols     x_a -> Belief.SampleMean -> quality -> [0, 1];  n_a -> Belief.Samples + Belief.Pending -> outcomes
///             t -> Choices.Round -> plays so far, pending included -> at least 1;  K -> eligible arms
/// Cost        choose O(K), one solve an arm that has few outcomes (<see cref="BernoulliKl"/>), 0 B; state none
/// Departures  the bound is carried into utility by the arm's scale and shift; an arm of scale 0 is its shift; exact ties share
///             an untried arm has the index infinity, so untried arms share; pending decisions narrow the bound but leave the mean
/// Guarantee   for independent rewards in [0, 1]: regret of order sqrt(K T) whatever the arms, and at most sum_a gap_a ln T / kl(x_a, x*) plus lower order
/// </code>
/// </remarks>
public readonly struct KlUcbSwitchRule : IIndexRule<KlUcbSwitchRule.Shares>
{
    /// <summary>The exponent of the paper's switch.</summary>
    private const double SwitchPower = 1.0 / 5;

    /// <summary>Ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<KlUcbSwitchRule, Shares>(default);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.CountsPending | PolicyTraits.IndexIsUtility;

    /// <inheritdoc/>
    public Shares Prepare(in Choices choices)
    {
        double rounds = Math.Max(1, choices.Round) / choices.Beliefs.Length;
        return new Shares(rounds, Math.Pow(rounds, SwitchPower));
    }

    /// <inheritdoc/>
    public double Index(in Belief belief, in Shares round)
    {
        double n = belief.Samples + belief.Pending;
        if (!(n > 0)) return belief.UtilityOf(double.PositiveInfinity);
        double log = Math.Max(0, Math.Log(round.Rounds / n)), exploration = log > 0 ? log + Math.Log(1 + log * log) : 0;
        return belief.UtilityOf(n <= round.Few ? BernoulliKl.Upper(belief.SampleMean, exploration / n).Value : belief.SampleMean + Math.Sqrt(exploration / (2 * n)));
    }

    /// <summary>What all arms share in a decision.</summary>
    /// <param name="Rounds">t / K.</param>
    /// <param name="Few">Outcomes up to which the KL-UCB bound holds.</param>
    public readonly record struct Shares(double Rounds, double Few);
}
