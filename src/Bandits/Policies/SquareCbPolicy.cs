using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>Chooses by inverse gaps of the means that any regression gives, ever more sharply. Prefer it over beliefs that a model of features makes, whose deviations are not to be trusted.</summary>
/// <remarks>
/// <code>
/// Source      Foster, Rakhlin (2020), Beyond UCB: optimal and efficient contextual bandits with regression oracles, ICML, algorithm 1
/// Rule        p by <see cref="InverseGap"/> with gamma_t = gammaScale t^exponent
/// Update      none: the regression is whatever makes the beliefs
/// Symbols     t -> 1 + Choices.Round -> outcomes;  gammaScale -> above 0 -> 10;  exponent -> [0, 1] -> 1/2
///             theory: gamma = sqrt(K T / R), R the squared error by which the regression loses to the best of its class over T rounds, so gammaScale = sqrt(K / R)
/// Cost        choose and pmf O(K), 0 B; state none
/// Departures  gamma grows with t instead of standing at the value for a horizon; the default scale is Vowpal Wabbit's (gamma_scale), not the theory's. Gaps are in units of the worth of a
///             success; the best arms share the rest, so that equal arms have equal probabilities. The paper's mu is K
/// Guarantee   for utilities in a range of 1, a class that holds the truth and the theory's gamma: expected regret of order sqrt(K T R)
/// </code>
/// </remarks>
public sealed class SquareCbPolicy : IRoutingPolicy
{
    /// <summary>That of Vowpal Wabbit's gamma_scale.</summary>
    private const double DefaultGammaScale = 10;

    /// <summary>The theory's, where the regression's regret hardly grows.</summary>
    private const double DefaultExponent = 0.5;

    private readonly double _gammaScale;
    private readonly double _exponent;

    /// <summary>Creates the policy.</summary>
    /// <param name="gammaScale">gamma of the first round, above 0, finite: the greater, the less is explored.</param>
    /// <param name="exponent">How fast gamma grows with the outcomes, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public SquareCbPolicy(double gammaScale = DefaultGammaScale, double exponent = DefaultExponent)
    {
        if (!(gammaScale > 0 && double.IsFinite(gammaScale))) Throw.OutOfRange(nameof(gammaScale), gammaScale, "above 0, finite");
        if (!(exponent >= 0 && exponent <= 1)) Throw.OutOfRange(nameof(exponent), exponent, "[0, 1]");
        (_gammaScale, _exponent) = (gammaScale, exponent);
    }

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random) => InverseGap.Choose(choices, Gamma(choices), ref random);

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        InverseGap.Write(choices, Gamma(choices), pmf);
        return true;
    }

    private double Gamma(in Choices choices) => _gammaScale * Math.Pow(1 + choices.Round, _exponent);
}
