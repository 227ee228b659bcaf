namespace Bandits.Policies;

/// <summary>Chooses the arm with the highest upper bound of Hoeffding's inequality. Prefer it where nothing but [0, 1] is known and simplicity counts; KL-UCB explores far less.</summary>
/// <remarks>
/// <code>
/// Source      Auer, Cesa-Bianchi, Fischer (2002), Finite-time analysis of the multiarmed bandit problem, Machine Learning 47, figure 1
/// Rule        a_t = argmax_a  x_a + sqrt(2 ln t / n_a)
/// Update      none: beliefs are derived from evidence
/// Symbols     x_a -> Belief.SampleMean -> quality -> [0, 1];  n_a -> Belief.Samples + Belief.Pending -> outcomes
///             t -> Choices.Round -> plays so far, pending included -> at least 1
/// Cost        choose O(K), one root an arm, 0 B; state none
/// Departures  the bound is carried into utility by the arm's scale and shift; an arm of scale 0 is its shift; exact ties share
///             an untried arm has the index infinity, so untried arms share; pending decisions narrow the bound but leave the mean
///             evidence of several segments may exceed t: nothing changes; all success, all failure and one arm need no care
/// Guarantee   for independent rewards in [0, 1]: regret at most sum_a 8 ln T / gap_a + (1 + pi^2/3) sum_a gap_a
/// </code>
/// </remarks>
public readonly struct Ucb1Rule : IIndexRule<double>
{
    /// <summary>Ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<Ucb1Rule, double>(default);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.CountsPending | PolicyTraits.IndexIsUtility;

    /// <summary>2 ln t.</summary>
    public double Prepare(in Choices choices) => 2 * Math.Log(Math.Max(1, choices.Round));

    /// <inheritdoc/>
    public double Index(in Belief belief, in double exploration)
    {
        double n = belief.Samples + belief.Pending;
        return belief.UtilityOf(n > 0 ? belief.SampleMean + Math.Sqrt(exploration / n) : double.PositiveInfinity);
    }
}
