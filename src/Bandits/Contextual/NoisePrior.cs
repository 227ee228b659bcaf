namespace Bandits.Contextual;

/// <summary>What is assumed of the variance of single outcomes around a regression: an inverse gamma law of a stated mean and worth.</summary>
/// <remarks>
/// <code>
/// Source      Murphy (2007), Conjugate Bayesian analysis of the Gaussian distribution, section 3; Bishop (2006), Pattern recognition and machine learning,
///             exercise 3.12: with coefficients normal given the variance, predictions follow a Student law
/// Rule        variance = (m v0 + r) / (m + n),  degrees = m + 2 + n
/// Symbols     v0 -> Variance -> of quality -> 0.25, that of success and failure at even chances, the largest there is for [0, 1]
///             m -> Samples -> outcomes that v0 is worth -> above 0 -> 4;  n -> outcomes;  r -> least penalised sum of squares
/// </code>
/// m + 2 degrees, so that the variance of predictions is finite from the start.
/// </remarks>
internal readonly struct NoisePrior
{
    public const double DefaultVariance = 0.25;
    public const double DefaultSamples = 4;

    public NoisePrior(double noiseVariance, double noiseSamples)
    {
        if (!(noiseVariance > 0 && double.IsFinite(noiseVariance))) Throw.OutOfRange(nameof(noiseVariance), noiseVariance, "above 0, finite");
        if (!(noiseSamples > 0 && double.IsFinite(noiseSamples))) Throw.OutOfRange(nameof(noiseSamples), noiseSamples, "above 0, finite");
        (Variance, Samples) = (noiseVariance, noiseSamples);
    }

    public double Variance { get; }

    public double Samples { get; }

    /// <summary>The prediction where the mean is <paramref name="quality"/> and <paramref name="leverage"/> times the noise its variance; its other parts are the caller's to fill in.</summary>
    public Prediction PredictionOf(double quality, double leverage, double residual, double samples) => new()
    {
        Quality = quality,
        QualityDeviation = Math.Sqrt((Samples * Variance + residual) / (Samples + samples) * leverage),
        Degrees = Samples + 2 + samples,
        Samples = samples,
    };
}
