using System.Runtime.Intrinsics;
using Bandits.Numerics;

namespace Bandits.Contextual;

/// <summary>
/// A Bayesian linear regression for each arm by itself: quality, cost and latency as linear functions of the features, with an intercept. The model of LinUCB and of linear Thompson sampling;
/// with an embedding for features it is the Bayesian last layer of the network that gave the embedding.
/// </summary>
/// <remarks>
/// <code>
/// Source      Li, Chu, Langford, Schapire (2010), A contextual-bandit approach to personalized news article recommendation, WWW, algorithm 1;
///             Bishop (2006), Pattern recognition and machine learning, section 3.3 and exercises 3.12, 3.13 (noise of unknown variance)
/// Rule        quality ~ x' theta + sqrt(v x' P x) t(m + 2 + n) in its deviation,  v = (m v0 + residual) / (m + n);  cost, latency = x' theta_c, x' theta_l
/// Update      as <see cref="RidgeRegression"/>: A += x x', b_j += y_j x
/// Symbols     x -> features, then 1 for the intercept;  ridge -> weight of the prior, outcomes per squared unit of features -> above 0 -> 1
///             v0, m -> variance of single outcomes and what that is worth -> <see cref="NoisePrior"/> -> 0.25 and 4 outcomes
/// Cost        predict O(K d^2 / 2), learn O(d^2), retract O(d^2), others O(d^3 / 2), 0 B; state of an arm: 3 matrices of d^2 / 2 and 18 d numbers
/// Departures  the intercept is shrunk as all else: towards what was assumed of the arm. Deviations are in the noise's units, where the paper's are of noise 1
///             where cost or latency is not known, its prediction takes its place: it changes no coefficient of that target, neither coming nor going, but
///             what it is worth in A and b then depends on when it came
///             fading and taking back rebuild the inverse from evidence where needed: nothing winds up, as the ridge never fades
///             <see cref="Prediction.QualityByChance"/> is said beside the posterior, not part of it: James, Stein (1961), Estimation with quadratic loss, 4th Berkeley Symposium
/// Guarantee   predictions are those of the posterior for linear outcomes with normal noise of one variance
/// </code>
/// </remarks>
public sealed class LinearModel : IFeatureModel
{
    private const int Targets = 3;
    private readonly RidgeRegression _regression;
    private readonly NoisePrior _noise;

    /// <summary>Creates the model.</summary>
    /// <param name="featureCount">Features of a request, [1, 4096].</param>
    /// <param name="ridge">Weight of the prior: coefficients are 0 give or take one deviation of noise over the root of this; above 0.</param>
    /// <param name="noiseVariance">Variance of single outcomes that is assumed beforehand, above 0; 0.25 is the largest that quality in [0, 1] can have.</param>
    /// <param name="noiseSamples">Outcomes that <paramref name="noiseVariance"/> is worth, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public LinearModel(
        int featureCount, double ridge = RidgeRegression.DefaultRidge, double noiseVariance = NoisePrior.DefaultVariance, double noiseSamples = NoisePrior.DefaultSamples)
    {
        RidgeRegression.Check(featureCount, ridge, nameof(ridge));
        FeatureCount = featureCount;
        _noise = new NoisePrior(noiseVariance, noiseSamples);
        _regression = new RidgeRegression(featureCount + 1, Targets, ridge);
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public bool SharesParameters => false;

    /// <inheritdoc/>
    public int HeaderLength => 0;

    /// <inheritdoc/>
    public int ArmLength => _regression.Length;

    /// <summary>Of one arm, the relative error that was last found in the variance of a prediction (looked for every 128 outcomes), and how often its inverse was rebuilt from evidence.</summary>
    public (double Drift, double Rebuilds) HealthOf(ReadOnlySpan<double> state, int arm) => RidgeRegression.HealthOf(BlockOf(state, arm));

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<double> state, ReadOnlySpan<float> features, ReadOnlySpan<int> arms, Span<Prediction> predictions)
    {
        ReadOnlySpan<double> x = RegressionScratch.Mine.PointOf(features, FeatureCount, _regression.Width);
        double most = SymmetricTiles.Dot(x, x) / _regression.Ridge;
        for (int i = 0; i < arms.Length; i++)
        {
            ReadOnlySpan<double> block = BlockOf(state, arms[i]);
            Vector256<double> means = _regression.MeansOf(block, x, most, out double leverage);
            ref Prediction prediction = ref predictions[i];
            prediction = _noise.PredictionOf(means[0], leverage, RidgeRegression.ResidualOf(block), RidgeRegression.SamplesOf(block));
            (prediction.Cost, prediction.Latency, prediction.QualityByChance) = (means[1], means[2], RidgeRegression.ChanceOf(block, _noise));
            bool isSound = RidgeRegression.IsSound(block) && double.IsFinite(prediction.Quality + prediction.QualityDeviation + prediction.Cost + prediction.Latency);
            if (!isSound) prediction = _noise.PredictionOf(0, most, 0, 0) with { QualityByChance = 1 };
        }
    }

    /// <inheritdoc/>
    public void Learn(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome)
    {
        Span<double> block = BlockOf(state, outcome.Arm);
        ReadOnlySpan<double> x = RegressionScratch.Mine.PointOf(features, FeatureCount, _regression.Width);
        _regression.TryLearn(block, x, 1, [outcome.Quality, Known(outcome.Cost, block, x, 1), Known(outcome.Latency, block, x, 2)], outcome.Quality * outcome.Quality);
    }

    /// <inheritdoc/>
    public bool TryRetract(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome)
    {
        Span<double> block = BlockOf(state, outcome.Arm);
        ReadOnlySpan<double> x = RegressionScratch.Mine.PointOf(features, FeatureCount, _regression.Width);
        return _regression.TryRetract(
            block, x, 1, [outcome.Quality, Known(outcome.Cost, block, x, 1), Known(outcome.Latency, block, x, 2)], outcome.Quality * outcome.Quality);
    }

    /// <inheritdoc/>
    public void Discount(Span<double> state, int arm, double gamma) => _regression.Discount(BlockOf(state, arm), gamma);

    /// <inheritdoc/>
    public bool TryMerge(Span<double> state, ReadOnlySpan<double> other)
    {
        if (other.Length > state.Length) return false;
        for (int arm = 0; arm < other.Length / ArmLength; arm++) _regression.TryMerge(BlockOf(state, arm), BlockOf(other, arm)); // a damaged arm adds nothing
        return true;
    }

    /// <inheritdoc/>
    public bool TryBorrow(Span<double> state, int arm, ReadOnlySpan<double> lender, int lenderArm, bool includesOwn, double mass) =>
        _regression.TryBorrow(BlockOf(state, arm), BlockOf(lender, lenderArm), includesOwn, mass);

    private double Known(double target, ReadOnlySpan<double> block, ReadOnlySpan<double> x, int at)
    {
        if (!double.IsNaN(target)) return target;
        double mean = _regression.MeanOf(block, x, at);
        return double.IsFinite(mean) ? mean : 0;
    }

    private Span<double> BlockOf(Span<double> state, int arm) => state.Slice(arm * ArmLength, ArmLength);

    private ReadOnlySpan<double> BlockOf(ReadOnlySpan<double> state, int arm) => state.Slice(arm * ArmLength, ArmLength);
}
