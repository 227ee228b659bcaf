namespace Bandits.Policies;

/// <summary>Chooses the arm with the highest upper bound of Bernstein's inequality. Prefer it where graded quality varies much less than success and failure would.</summary>
/// <remarks>
/// <code>
/// Source      Audibert, Munos, Szepesvari (2009), Exploration-exploitation tradeoff using variance estimates, Theoretical Computer Science 410, equation (4)
/// Rule        a_t = argmax_a  x_a + sqrt(2 v_a e_t / n_a) + 3 c e_t / n_a,   e_t = zeta ln t
/// Update      none: beliefs are derived from evidence
/// Symbols     x_a -> Belief.SampleMean -> quality -> [0, 1];  v_a -> Belief.SampleVariance -> quality squared -> [0, 1/4]
///             n_a -> Belief.Samples + Belief.Pending -> outcomes;  t -> Choices.Round -> plays so far, pending included -> at least 1
///             zeta -> confidence -> above 0 -> 1.2;  c -> bias -> 0 or more -> 1
/// Cost        choose O(K), one root an arm, 0 B; state none
/// Departures  the bound is carried into utility by the arm's scale and shift; an arm of scale 0 is its shift; exact ties share
///             an untried arm has the index infinity, so untried arms share; pending decisions narrow the bound but leave the mean
///             all success and all failure have variance 0: the last term alone explores
/// Guarantee   for independent rewards in [0, 1] and the defaults: regret at most 10 sum_a (variance_a / gap_a + 2) ln T
/// </code>
/// </remarks>
public readonly struct UcbVRule : IIndexRule<double>
{
    /// <summary>The paper's zeta, for which its bound is stated.</summary>
    private const double DefaultConfidence = 1.2;

    /// <summary>The paper's c, for which its bound is stated.</summary>
    private const double DefaultBias = 1;

    private readonly double _confidence;
    private readonly double _bias;

    /// <summary>The rule with the paper's parameters.</summary>
    public UcbVRule()
        : this(DefaultConfidence, DefaultBias)
    {
    }

    /// <summary>The rule with parameters of one's own.</summary>
    /// <param name="confidence">zeta, above 0; the paper's bound needs more than 1.</param>
    /// <param name="bias">c, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public UcbVRule(double confidence, double bias)
    {
        if (!(confidence > 0 && double.IsFinite(confidence))) Throw.OutOfRange(nameof(confidence), confidence, "above 0, finite");
        if (!(bias >= 0 && double.IsFinite(bias))) Throw.OutOfRange(nameof(bias), bias, "0 or more, finite");
        (_confidence, _bias) = (confidence, bias);
    }

    /// <summary>With the paper's parameters, ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new IndexPolicy<UcbVRule, double>(new UcbVRule());

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.CountsPending | PolicyTraits.UsesVariance | PolicyTraits.IndexIsUtility;

    /// <summary>zeta ln t.</summary>
    public double Prepare(in Choices choices) => _confidence * Math.Log(Math.Max(1, choices.Round));

    /// <inheritdoc/>
    public double Index(in Belief belief, in double exploration)
    {
        double n = belief.Samples + belief.Pending, each = exploration / n;
        return belief.UtilityOf(n > 0 ? belief.SampleMean + Math.Sqrt(2 * belief.SampleVariance * each) + 3 * _bias * each : double.PositiveInfinity);
    }
}
