using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>Chooses by inverse gaps that sharpen from epoch to epoch, each twice as long as the last. Prefer it to <see cref="SquareCbPolicy"/> where probabilities must stand still for long.</summary>
/// <remarks>
/// <code>
/// Source      Simchi-Levi, Xu (2021), Bypassing the monster: a faster and simpler optimal algorithm for contextual bandits under realizability, Mathematics of Operations Research, algorithm 1
/// Rule        p by <see cref="InverseGap"/> with gamma_1 = 1, gamma_m = gammaScale sqrt(K tau_{m-1} / ln(F tau_{m-1} / delta));  epoch m is tau_{m-1} &lt; t &lt;= tau_m = 2^m
/// Update      none: the regression is whatever makes the beliefs
/// Symbols     t -> 1 + Choices.Round -> outcomes;  gammaScale -> c -> above 0 -> 10;  F -> classSize -> functions that the regression chooses from -> at least 1 -> 1000
///             delta -> risk -> (0, 1) -> 0.05;  K -> eligible arms
/// Cost        choose and pmf O(K), 0 B; state none
/// Departures  beliefs learn from every outcome, not at the ends of epochs alone, so within an epoch gamma stands still and means do not. The paper's c is 1/30, for which its proof holds and which
///             explores nearly evenly for thousands of rounds; gaps are in units of the worth of a success, and the best arms share the rest
/// Guarantee   the paper's, with c = 1/30 and a regression that is refitted only between epochs: regret of order sqrt(K T ln(F T / delta)) with probability 1 - delta; none claimed otherwise
/// </code>
/// </remarks>
public sealed class FalconPolicy : IRoutingPolicy
{
    private const double DefaultGammaScale = 10;
    private const double DefaultClassSize = 1000;
    private const double DefaultRisk = 0.05;

    /// <summary>tau_1: the first epoch, in which gamma is 1, ends there.</summary>
    private const double FirstEpochEnd = 2;

    private readonly double _gammaScale;
    private readonly double _logClassOverRisk;

    /// <summary>Creates the policy.</summary>
    /// <param name="gammaScale">c, above 0, finite: the greater, the less is explored.</param>
    /// <param name="classSize">F, 1 or more, finite: for d weights of b distinguishable values each, b^d.</param>
    /// <param name="risk">delta, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public FalconPolicy(double gammaScale = DefaultGammaScale, double classSize = DefaultClassSize, double risk = DefaultRisk)
    {
        if (!(gammaScale > 0 && double.IsFinite(gammaScale))) Throw.OutOfRange(nameof(gammaScale), gammaScale, "above 0, finite");
        if (!(classSize >= 1 && double.IsFinite(classSize))) Throw.OutOfRange(nameof(classSize), classSize, "1 or more, finite");
        if (!(risk > 0 && risk < 1)) Throw.OutOfRange(nameof(risk), risk, "(0, 1)");
        (_gammaScale, _logClassOverRisk) = (gammaScale, Math.Log(classSize) - Math.Log(risk));
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

    private double Gamma(in Choices choices)
    {
        double t = 1 + choices.Round;
        if (t <= FirstEpochEnd) return 1;
        double epochStart = Math.ScaleB(1, Math.ILogB(t)); // the power of two at or below t, and tau of the epoch before where t is not that power itself
        if (epochStart == t) epochStart /= 2;
        return _gammaScale * Math.Sqrt(choices.Beliefs.Length * epochStart / (_logClassOverRisk + Math.Log(epochStart)));
    }
}
