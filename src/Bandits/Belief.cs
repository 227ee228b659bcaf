using System.Diagnostics.CodeAnalysis;
using MathNet.Numerics;
using BetaDistribution = MathNet.Numerics.Distributions.Beta;
using StudentDistribution = MathNet.Numerics.Distributions.StudentT;

namespace Bandits;

/// <summary>What is believed of one arm's utility: an affine law of quality, <c>scale * q + shift</c>, in USD, and the evidence behind it.</summary>
/// <remarks>
/// Two views. Posterior view: <c>q ~ Beta(alpha, beta)</c> or <c>q ~ location + spread * t(degrees)</c>, with mean, cdf and quantile. Rate view, for indices that
/// reason on evidence alone: <see cref="Samples"/>, <see cref="SampleMean"/>, <see cref="SampleVariance"/>, prior excluded, and <see cref="Pending"/>.
/// Expected cost and latency enter through the shift, the value of a success and the chance that the arm is available through the scale.
/// </remarks>
public readonly struct Belief
{
    /// <summary>Most pseudo-counts of the Beta law that stands in for a Student law.</summary>
    private const double MostMatchedMass = 1e9;

    /// <summary>Least pseudo-count of the Beta law that stands in for a Student law.</summary>
    private const double LeastMatchedCount = 0.05;

    private readonly double _spread;

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
        CheckCommon(scale, shift, samples);
        (Alpha, Beta, Scale, Shift, Samples) = (alpha, beta, scale, shift, samples);
        QualityMean = alpha / (alpha + beta);
        Mean = scale * QualityMean + shift;
        SampleMean = QualityMean;
        SampleVariance = QualityMean * (1 - QualityMean);
    }

    private Belief(double location, double spread, double degrees, double scale, double shift, double samples)
    {
        double variance = spread * spread * (degrees > 2 ? double.IsInfinity(degrees) ? 1 : degrees / (degrees - 2) : degrees + 1);
        double mass = Math.Min(location * (1 - location) / variance - 1, MostMatchedMass);
        Alpha = Math.Max(LeastMatchedCount, mass * location);
        Beta = Math.Max(LeastMatchedCount, mass * (1 - location));
        (Scale, Shift, Samples) = (scale, shift, samples);
        (QualityMean, _spread, Degrees) = (location, spread, degrees);
        Mean = scale * location + shift;
        SampleMean = Alpha / (Alpha + Beta);
        SampleVariance = SampleMean * (1 - SampleMean);
    }

    private Belief(double location, double spread, double degrees, double scale, double shift, double samples, double sampleMean, double sampleVariance, double pending)
        : this(location, spread, degrees, scale, shift, samples) =>
        (SampleMean, SampleVariance, Pending) = (sampleMean, sampleVariance, pending);

    private Belief(in Belief other, double by)
    {
        this = other;
        Shift += by;
        Mean += by;
    }

    /// <summary>Creates the law <c>scale * (location + spread * t(degrees)) + shift</c>; infinite degrees are the normal law.</summary>
    /// <param name="location">Centre of quality, in (0, 1).</param>
    /// <param name="spread">Scale parameter of quality, above 0, finite.</param>
    /// <param name="degrees">Degrees of freedom, above 0; infinity for the normal law.</param>
    /// <param name="scale">USD per unit of quality; finite, 0 or more.</param>
    /// <param name="shift">USD; finite.</param>
    /// <param name="samples">Effective sample size behind the law; 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    [SuppressMessage("Naming", "CA1720", Justification = "Student is the law's name.")]
    public static Belief Student(double location, double spread, double degrees, double scale, double shift, double samples)
    {
        if (!(location > 0 && location < 1)) Throw.OutOfRange(nameof(location), location, "(0, 1)");
        if (!(spread > 0 && double.IsFinite(spread))) Throw.OutOfRange(nameof(spread), spread, "above 0, finite");
        if (!(degrees > 0)) Throw.OutOfRange(nameof(degrees), degrees, "above 0");
        CheckCommon(scale, shift, samples);
        return new Belief(location, spread, degrees, scale, shift, samples);
    }

    /// <summary>The same law in the place of <paramref name="belief"/>, with what it is made of.</summary>
    internal static void WriteStudent(
        ref Belief belief, double location, double spread, double degrees, double scale, double shift, double samples, double sampleMean, double sampleVariance, double pending)
    {
        if (!(location > 0 && location < 1 && spread > 0 && double.IsFinite(spread) && degrees > 0)) Student(location, spread, degrees, scale, shift, samples); // throws
        CheckCommon(scale, shift, samples);
        belief = new Belief(location, spread, degrees, scale, shift, samples, sampleMean, sampleVariance, pending);
    }

    private static void CheckCommon(double scale, double shift, double samples)
    {
        if (!(scale >= 0 && double.IsFinite(scale))) Throw.OutOfRange(nameof(scale), scale, "0 or more, finite");
        if (!double.IsFinite(shift)) Throw.OutOfRange(nameof(shift), shift, "finite");
        if (!(samples >= 0 && double.IsFinite(samples))) Throw.OutOfRange(nameof(samples), samples, "0 or more, finite");
    }

    /// <summary>Pseudo-count of successes, prior included; of a Student law, that of the Beta law of about the same mean and variance.</summary>
    public double Alpha { get; }

    /// <summary>Pseudo-count of failures, prior included; of a Student law, that of the Beta law of about the same mean and variance.</summary>
    public double Beta { get; }

    /// <summary>USD per unit of quality.</summary>
    public double Scale { get; }

    /// <summary>USD added to the scaled quality: minus expected cost and delay.</summary>
    public double Shift { get; }

    /// <summary>Effective sample size, own plus borrowed, prior excluded; outcomes.</summary>
    public double Samples { get; }

    /// <summary>Mean quality of the <see cref="Samples"/>, prior excluded, in [0, 1]; the prior's mean when there are none.</summary>
    public double SampleMean { get; init; }

    /// <summary>Variance of quality among the <see cref="Samples"/>, in [0, 1/4]; the largest possible for their mean where it is not kept.</summary>
    public double SampleVariance { get; init; }

    /// <summary>Decisions for this arm and segment whose judgement has not come yet; 0 unless the policy asks for them.</summary>
    public double Pending { get; init; }

    /// <summary>Posterior mean of utility, USD.</summary>
    public double Mean { get; }

    /// <summary>Posterior mean of quality, in (0, 1).</summary>
    public double QualityMean { get; }

    /// <summary>Degrees of freedom of a Student law (infinite: normal); 0 of a Beta law.</summary>
    public double Degrees { get; }

    /// <summary>Whether quality is Beta distributed.</summary>
    public bool IsBeta => Degrees == 0;

    /// <summary>Scale parameter of quality of a Student law; 0 of a Beta law.</summary>
    public double Spread => _spread;

    /// <summary>Posterior variance of utility, USD squared; infinite for a Student law of at most 2 degrees.</summary>
    public double Variance
    {
        get
        {
            if (!IsBeta) return Scale * Scale * _spread * _spread * (double.IsInfinity(Degrees) ? 1 : Degrees > 2 ? Degrees / (Degrees - 2) : double.PositiveInfinity);
            double mass = Alpha + Beta;
            return Scale * Scale * (Alpha / mass) * (Beta / mass) / (mass + 1);
        }
    }

    /// <summary>The utility of a quality, USD.</summary>
    public double UtilityOf(double quality) => Scale == 0 ? Shift : Scale * quality + Shift;

    /// <summary>The quality at which this arm has a utility; NaN where no quality changes it.</summary>
    public double QualityAt(double utility) => Scale == 0 ? double.NaN : (utility - Shift) / Scale;

    /// <summary>The same law with so much more utility, USD.</summary>
    internal Belief Shifted(double by) => new(this, by);

    /// <summary>Whether both are the same law from the same evidence.</summary>
    internal bool IsLike(in Belief other) =>
        Alpha == other.Alpha && Beta == other.Beta && Scale == other.Scale && Shift == other.Shift && Samples == other.Samples
        && SampleMean == other.SampleMean && SampleVariance == other.SampleVariance && Pending == other.Pending && Degrees == other.Degrees && _spread == other._spread;

    /// <summary>P(utility &lt;= <paramref name="utility"/>).</summary>
    public double Cdf(double utility)
    {
        if (Scale == 0) return utility >= Shift ? 1 : 0;
        double quality = (utility - Shift) / Scale;
        if (!IsBeta) return double.IsInfinity(Degrees) ? MathNet.Numerics.Distributions.Normal.CDF(QualityMean, _spread, quality) : StudentDistribution.CDF(QualityMean, _spread, Degrees, quality);
        return quality <= 0 ? 0 : quality >= 1 ? 1 : SpecialFunctions.BetaRegularized(Alpha, Beta, quality);
    }

    /// <summary>The utility below which the belief puts probability <paramref name="probability"/>, USD.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="probability"/> is not in [0, 1].</exception>
    public double Quantile(double probability)
    {
        if (!(probability >= 0 && probability <= 1)) Throw.OutOfRange(nameof(probability), probability, "[0, 1]");
        if (Scale == 0) return Shift;
        return Scale * (IsBeta ? BetaDistribution.InvCDF(Alpha, Beta, probability)
            : double.IsInfinity(Degrees) ? MathNet.Numerics.Distributions.Normal.InvCDF(QualityMean, _spread, probability)
            : StudentDistribution.InvCDF(QualityMean, _spread, Degrees, probability)) + Shift;
    }
}
