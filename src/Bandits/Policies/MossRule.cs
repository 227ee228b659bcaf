namespace Bandits.Policies;

/// <summary>Chooses by a bound that stops exploring an arm once it has its share of the rounds. Prefer it where gaps may be tiny and the worst case counts.</summary>
/// <remarks>
/// <code>
/// Source      Degenne, Perchet (2016), Anytime optimal algorithms in stochastic multi-armed bandits, ICML, section 3 (MOSS-anytime);
///             Audibert, Bubeck (2009), Minimax policies for adversarial and stochastic bandits, COLT, figure 1
/// Rule        a_t = argmax_a  x_a + sqrt((1 + alpha)/2 max(0, ln(t / (K n_a))) / n_a)
/// Update      none: beliefs are derived from evidence
/// Symbols     x_a -> Belief.SampleMean -> quality -> [0, 1];  n_a -> Belief.Samples + Belief.Pending -> outcomes
///             t -> Choices.Round -> plays so far, pending included -> at least 1;  K -> eligible arms;  alpha -> above 0 -> 1
/// Cost        choose O(K), a logarithm and a root an arm, 0 B; state none
/// Departures  alpha = 1 makes the bound that of Audibert and Bubeck with t for their horizon; the anytime paper recommends 1.35
///             the bound is carried into utility by the arm's scale and shift; an arm of scale 0 is its shift; exact ties share
///             an untried arm has the index infinity, so untried arms share; pending decisions narrow the bound but leave the mean
/// Guarantee   for independent rewards in [0, 1]: regret of order sqrt(K T) whatever the arms, and of order K ln(T gap^2 / K) / gap
/// </code>
/// </remarks>
public readonly struct MossRule : IIndexRule<double>
{
    /// <summary>Gives the factor 1 inside the root.</summary>
    private const double DefaultAlpha = 1;

    private readonly double _factor;

    /// <summary>The rule with the factor of Audibert and Bubeck.</summary>
    public MossRule()
        : this(DefaultAlpha)
    {
    }

    /// <summary>The rule with a factor of one's own.</summary>
    /// <param name="alpha">Width of the bound, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is out of its range.</exception>
    public MossRule(double alpha)
    {
        if (!(alpha > 0 && double.IsFinite(alpha))) Throw.OutOfRange(nameof(alpha), alpha, "above 0, finite");
        _factor = (1 + alpha) / 2;
    }

    /// <summary>With alpha = 1, ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<MossRule, double>(new MossRule());

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.CountsPending | PolicyTraits.IndexIsUtility;

    /// <summary>t / K.</summary>
    public double Prepare(in Choices choices) => Math.Max(1, choices.Round) / choices.Beliefs.Length;

    /// <inheritdoc/>
    public double Index(in Belief belief, in double share)
    {
        double n = belief.Samples + belief.Pending;
        if (!(n > 0)) return belief.UtilityOf(double.PositiveInfinity);
        double squared = n < share ? _factor * Math.Log(share / n) / n : 0;
        return belief.UtilityOf(belief.SampleMean + Math.Sqrt(squared));
    }
}
