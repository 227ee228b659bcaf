namespace Bandits.Policies;

/// <summary>Chooses the arm with the highest mean plus a few deviations of belief. Prefer it over a model of features, where beliefs know how unfamiliar a task is.</summary>
/// <remarks>
/// <code>
/// Source      Li, Chu, Langford, Schapire (2010), A contextual-bandit approach to personalized news article recommendation, WWW, algorithm 1, line 9
/// Rule        a_t = argmax_a  mean(u_a) + alpha sd(u_a);   over a linear model mean = x' theta_a and sd = sigma sqrt(x' A_a^-1 x)
/// Update      none: beliefs are derived from evidence or a model
/// Symbols     mean, sd -> Belief.Mean, root of Belief.Variance -> USD;   alpha -> deviations -> 0 or more -> 1
///             alpha_a = sqrt(alpha^2 + g ln max(1, t / (10 K n_a)));   g -> growth -> 0 or more -> 0;   t -> Choices.Round -> plays of the segment;   n_a -> Belief.Samples;   K -> arms
/// Cost        choose O(K), one root an arm, for arms hardly tried a logarithm, 0 B; state none
/// Departures  alpha may grow for an arm that has had less than a tenth of its even share of the plays, after the logarithm of MOSS (Audibert, Bubeck 2009, COLT): no arm is given up for good because it failed
///             the first time or two, and arms that are known are not tried on. With growth 0 it is the paper's
///             deviations are of the belief, in the noise's units, so it works over any law; the paper's noise is 1 and its alpha 1 + sqrt(ln(2 / delta) / 2)
///             pending decisions narrow the law as outcomes at its mean would; exact ties share; an arm of scale 0 is its shift
///             no quality exceeds 1, so no index exceeds what 1 is worth: an arm that is too dear for any quality is not tried to find that out
/// Guarantee   none claimed: the paper's needs outcomes that do not decide which come next (Chu, Li, Reyzin, Schapire 2011 arrange that)
/// </code>
/// </remarks>
public readonly struct LinUcbRule : IIndexRule<double>
{
    private const double DefaultDeviations = 1;

    /// <summary>An arm is hardly tried while it has had less than one in so many of its even share of the plays.</summary>
    private const double Hardly = 10;

    private readonly double _deviations;
    private readonly double _growth;

    /// <summary>The rule with one deviation.</summary>
    public LinUcbRule()
        : this(DefaultDeviations)
    {
    }

    /// <summary>The rule with deviations of one's own.</summary>
    /// <param name="deviations">alpha, 0 or more; 0 is greedy.</param>
    /// <param name="growth">g, 0 or more; above 0 no arm is given up for good.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public LinUcbRule(double deviations, double growth = 0)
    {
        if (!(growth >= 0 && double.IsFinite(growth))) Throw.OutOfRange(nameof(growth), growth, "0 or more, finite");
        _growth = growth;
        if (!(deviations >= 0 && double.IsFinite(deviations))) Throw.OutOfRange(nameof(deviations), deviations, "0 or more, finite");
        _deviations = deviations;
    }

    /// <summary>With one deviation, ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<LinUcbRule, double>(new LinUcbRule());

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.CountsPending | PolicyTraits.IndexIsUtility;

    /// <summary>t / (10 K): plays up to which an arm is hardly tried.</summary>
    public double Prepare(in Choices choices) => choices.Round / (Hardly * choices.Beliefs.Length);

    /// <inheritdoc/>
    public double Index(in Belief belief, in double hardly)
    {
        double samples = Math.Max(1, belief.Samples), deviations = _growth == 0 || hardly <= samples ? _deviations : Math.Sqrt(_deviations * _deviations + _growth * Math.Log(hardly / samples));
        if (belief.Scale == 0 || deviations == 0) return belief.Mean;
        double mass = belief.Alpha + belief.Beta, narrowed = (mass + belief.Pending) / mass;
        return Math.Min(belief.Mean + deviations * Math.Sqrt(belief.Variance / narrowed), belief.UtilityOf(1));
    }
}
