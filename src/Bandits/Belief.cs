using MathNet.Numerics;
using BetaDistribution = MathNet.Numerics.Distributions.Beta;

namespace Bandits;

/// <summary>What is believed of one arm's utility: an affine Beta law, <c>scale * Beta(alpha, beta) + shift</c>, in USD.</summary>
/// <remarks>
/// Quality is uncertain and Beta distributed; expected cost and latency enter through the shift, the value of a success and the
/// chance that the arm is available through the scale. Graded quality enters as fractional pseudo-counts, so the law is exact for
/// outcomes of 0 and 1 and too wide, never too narrow, for grades between.
/// </remarks>
public readonly struct Belief
{
    /// <summary>Creates the law <c>scale * Beta(alpha, beta) + shift</c>.</summary>
    /// <param name="alpha">Pseudo-count of successes, prior included; finite, above 0.</param>
    /// <param name="beta">Pseudo-count of failures, prior included; finite, above 0.</param>
    /// <param name="scale">USD per unit of quality; finite, 0 or more. 0 is a point at <paramref name="shift"/>.</param>
    /// <param name="shift">USD; finite.</param>
    /// <param name="samples">Effective sample size behind the law, own plus borrowed, prior excluded; 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public Belief(double alpha, double beta, double scale, double shift, double samples)
    {
        if (!(alpha > 0 && double.IsFinite(alpha))) Throw.OutOfRange(nameof(alpha), alpha, "above 0, finite");
        if (!(beta > 0 && double.IsFinite(beta))) Throw.OutOfRange(nameof(beta), beta, "above 0, finite");
        if (!(scale >= 0 && double.IsFinite(scale))) Throw.OutOfRange(nameof(scale), scale, "0 or more, finite");
        if (!double.IsFinite(shift)) Throw.OutOfRange(nameof(shift), shift, "finite");
        if (!(samples >= 0 && double.IsFinite(samples))) Throw.OutOfRange(nameof(samples), samples, "0 or more, finite");
        (Alpha, Beta, Scale, Shift, Samples) = (alpha, beta, scale, shift, samples);
        Mean = scale * (alpha / (alpha + beta)) + shift;
    }

    /// <summary>Pseudo-count of successes, prior included.</summary>
    public double Alpha { get; }

    /// <summary>Pseudo-count of failures, prior included.</summary>
    public double Beta { get; }

    /// <summary>USD per unit of quality.</summary>
    public double Scale { get; }

    /// <summary>USD added to the scaled quality: minus expected cost and delay.</summary>
    public double Shift { get; }

    /// <summary>Effective sample size, own plus borrowed, prior excluded.</summary>
    public double Samples { get; }

    /// <summary>Posterior mean of utility, USD.</summary>
    public double Mean { get; }

    /// <summary>Posterior variance of utility, USD squared.</summary>
    public double Variance
    {
        get
        {
            double mass = Alpha + Beta;
            return Scale * Scale * (Alpha / mass) * (Beta / mass) / (mass + 1);
        }
    }

    /// <summary>Whether both are the same law from the same evidence.</summary>
    internal bool IsLike(in Belief other) =>
        Alpha == other.Alpha && Beta == other.Beta && Scale == other.Scale && Shift == other.Shift && Samples == other.Samples;

    /// <summary>Posterior mean of quality, in (0, 1).</summary>
    public double QualityMean => Alpha / (Alpha + Beta);

    /// <summary>P(utility &lt;= <paramref name="utility"/>).</summary>
    public double Cdf(double utility)
    {
        if (Scale == 0) return utility >= Shift ? 1 : 0;
        double quality = (utility - Shift) / Scale;
        return quality <= 0 ? 0 : quality >= 1 ? 1 : SpecialFunctions.BetaRegularized(Alpha, Beta, quality);
    }

    /// <summary>The utility below which the belief puts probability <paramref name="probability"/>, USD.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="probability"/> is not in [0, 1].</exception>
    public double Quantile(double probability)
    {
        if (!(probability >= 0 && probability <= 1)) Throw.OutOfRange(nameof(probability), probability, "[0, 1]");
        return Scale * BetaDistribution.InvCDF(Alpha, Beta, probability) + Shift;
    }
}
