namespace Bandits.Policies;

/// <summary>Chooses the arm with the highest mean plus a few deviations of belief. Prefer it over a model of features, where beliefs know how unfamiliar a task is.</summary>
/// <remarks>
/// <code>
/// Source      Li, Chu, Langford, Schapire (2010), A contextual-bandit approach to personalized news article recommendation, WWW, algorithm 1, line 9
/// Rule        a_t = argmax_a  mean(u_a) + alpha sd(u_a);   over a linear model mean = x' theta_a and sd = sigma sqrt(x' A_a^-1 x)
/// Update      none: beliefs are derived from evidence or a model
/// Symbols     mean, sd -> Belief.Mean, root of Belief.Variance -> USD;   alpha -> deviations -> 0 or more -> 1
/// Cost        choose O(K), one root an arm, 0 B; state none
/// Departures  deviations are of the belief, in the noise's units, so it works over any law; the paper's noise is 1 and its alpha 1 + sqrt(ln(2 / delta) / 2)
///             pending decisions narrow the law as outcomes at its mean would; exact ties share; an arm of scale 0 is its shift
///             a Student law of at most 2 degrees has an infinite deviation and so the index infinity
/// Guarantee   none claimed: the paper's needs outcomes that do not decide which come next (Chu, Li, Reyzin, Schapire 2011 arrange that)
/// </code>
/// </remarks>
public readonly struct LinUcbRule : IIndexRule<double>
{
    private const double DefaultDeviations = 1;

    private readonly double _deviations;

    /// <summary>The rule with one deviation.</summary>
    public LinUcbRule()
        : this(DefaultDeviations)
    {
    }

    /// <summary>The rule with deviations of one's own.</summary>
    /// <param name="deviations">alpha, 0 or more; 0 is greedy.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="deviations"/> is out of its range.</exception>
    public LinUcbRule(double deviations)
    {
        if (!(deviations >= 0 && double.IsFinite(deviations))) Throw.OutOfRange(nameof(deviations), deviations, "0 or more, finite");
        _deviations = deviations;
    }

    /// <summary>With one deviation, ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<LinUcbRule, double>(new LinUcbRule());

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.CountsPending;

    /// <summary>alpha.</summary>
    public double Prepare(in Choices choices) => _deviations;

    /// <inheritdoc/>
    public double Index(in Belief belief, in double deviations)
    {
        if (belief.Scale == 0 || deviations == 0) return belief.Mean;
        double mass = belief.Alpha + belief.Beta, narrowed = (mass + belief.Pending) / mass;
        return belief.Mean + deviations * Math.Sqrt(belief.Variance / narrowed);
    }
}
