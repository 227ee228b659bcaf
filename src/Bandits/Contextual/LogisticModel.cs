using Bandits.Numerics;

namespace Bandits.Contextual;

/// <summary>
/// A Bayesian logistic regression of quality for each arm by itself, with linear ones of cost and latency. Prefer it to <see cref="LinearModel"/> where quality is success or failure and
/// features decide it nearly for certain.
/// </summary>
/// <remarks>
/// <code>
/// Source      Chapelle, Li (2011), An empirical evaluation of Thompson sampling, NIPS, algorithm 3, with the whole covariance instead of its diagonal and one outcome
///             at a time; Spiegelhalter, Lauritzen (1990), Networks 20(5) (sequential Laplace)
/// Rule        P(success) = f(o + x' theta),  f(s) = 1 / (1 + e^-s),  o = ln(p0 / (1 - p0)),  theta ~ N(m, P);  quality = mean and deviation of f over x' theta ~ N(x' m, x' P x)
/// Update      s = x' m + q (y - f(o + s)),  q = x' P x     (the mode, exact along x: one equation in one unknown)
///             A += w x x',  b += (w s + y - f) x,  w = f (1 - f):  a <see cref="RidgeRegression"/> whose target is the tangent's
/// Symbols     p0 -> priorQuality -> what <see cref="Arm.PriorQuality"/> is -> (0, 1) -> 0.5;   y -> p0 + ModelOutcome.Quality
///             ridge -> weight of the prior, of quality, cost and latency -> above 0 -> 1;   x -> features, then 1
/// Cost        predict O(K d^2 / 2) and 20 exponentials an arm, learn O(d^2), others O(d^3 / 2), 0 B; state of an arm: two blocks of <see cref="RidgeRegression"/>
/// Departures  tangents are taken where an outcome found the coefficients, so the order of outcomes matters a little and none is taken back. Evidence of states
///             adds, fades and is borrowed as sums of such tangents
///             y is not held to [0, 1]: grades count as they are, and an arm whose prior quality is not p0 is shifted by the difference
///             where |x|^2 / ridge is large, what is nearly certain has no curvature and so adds little belief: bring features to about unit size
///             f's mean and deviation by the trapezoidal rule at 20 points within 5 deviations
/// Guarantee   none claimed: coefficients lie within a fraction of their posterior deviation of the batch mode, tested
/// </code>
/// </remarks>
public sealed class LogisticModel : IFeatureModel
{
    private const double DefaultPriorQuality = 0.5;

    /// <summary>Most steps of the search for s; Newton's need five or so.</summary>
    private const int MostSteps = 64;

    private const double Precision = 1e-14;

    /// <summary>Least curvature: what an outcome that was certain beforehand is worth.</summary>
    private const double LeastWeight = 1e-12;

    /// <summary>Points of the trapezoidal rule, half a deviation apart.</summary>
    private const int Nodes = 20;

    private static readonly double[] s_nodes = new double[Nodes];
    private static readonly double[] s_weights = new double[Nodes];

    private readonly RidgeRegression _quality;
    private readonly RidgeRegression _amounts;
    private readonly double _priorQuality;
    private readonly double _offset;

    static LogisticModel()
    {
        double sum = 0;
        for (int i = 0; i < Nodes; i++)
        {
            s_nodes[i] = (i - (Nodes - 1) / 2.0) / 2;
            sum += s_weights[i] = Math.Exp(-s_nodes[i] * s_nodes[i] / 2);
        }

        for (int i = 0; i < Nodes; i++) s_weights[i] /= sum;
    }

    /// <summary>Creates the model.</summary>
    /// <param name="featureCount">Features of a request, [1, 4096].</param>
    /// <param name="ridge">Weight of the prior: log-odds change by 0 give or take the inverse root of this per unit of a feature; above 0.</param>
    /// <param name="priorQuality">Quality that is assumed of the arms beforehand, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public LogisticModel(int featureCount, double ridge = RidgeRegression.DefaultRidge, double priorQuality = DefaultPriorQuality)
    {
        RidgeRegression.Check(featureCount, ridge, nameof(ridge));
        if (!(priorQuality > 0 && priorQuality < 1)) Throw.OutOfRange(nameof(priorQuality), priorQuality, "(0, 1)");
        FeatureCount = featureCount;
        (_priorQuality, _offset) = (priorQuality, Math.Log(priorQuality / (1 - priorQuality)));
        _quality = new RidgeRegression(featureCount + 1, 1, ridge);
        _amounts = new RidgeRegression(featureCount + 1, 2, ridge);
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public bool SharesParameters => false;

    /// <inheritdoc/>
    public int HeaderLength => 0;

    /// <inheritdoc/>
    public int ArmLength => _quality.Length + _amounts.Length;

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<double> state, ReadOnlySpan<float> features, ReadOnlySpan<int> arms, Span<Prediction> predictions)
    {
        ReadOnlySpan<double> x = RegressionScratch.Mine.PointOf(features, FeatureCount, _quality.Width);
        double most = SymmetricTiles.Dot(x, x) / _quality.Ridge;
        for (int i = 0; i < arms.Length; i++)
        {
            ReadOnlySpan<double> quality = QualityOf(state, arms[i]), amounts = AmountsOf(state, arms[i]);
            double mean = _quality.MeanOf(quality, x, 0), leverage = _quality.LeverageOf(quality, x, most);
            double cost = _amounts.MeanOf(amounts, x, 0), latency = _amounts.MeanOf(amounts, x, 1);
            bool isSound = RidgeRegression.IsSound(quality) && RidgeRegression.IsSound(amounts) && double.IsFinite(mean + leverage + cost + latency);
            predictions[i] = isSound ? PredictionOf(mean, leverage, RidgeRegression.SamplesOf(quality)) : PredictionOf(0, most, 0);
            if (isSound) (predictions[i].Cost, predictions[i].Latency) = (cost, latency);
        }
    }

    /// <inheritdoc/>
    public void Learn(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome)
    {
        Span<double> quality = QualityOf(state, outcome.Arm), amounts = AmountsOf(state, outcome.Arm);
        ReadOnlySpan<double> x = RegressionScratch.Mine.PointOf(features, FeatureCount, _quality.Width);
        double y = _priorQuality + outcome.Quality, most = SymmetricTiles.Dot(x, x) / _quality.Ridge;
        if (!double.IsFinite(y + most)) return;
        double mean = _quality.MeanOf(quality, x, 0), leverage = _quality.LeverageOf(quality, x, most);
        if (!double.IsFinite(mean + leverage) && !_quality.TryRebuild(quality)) quality.Clear();
        if (!double.IsFinite(mean + leverage)) (mean, leverage) = (_quality.MeanOf(quality, x, 0), _quality.LeverageOf(quality, x, most));
        double s = ModeAlong(mean, leverage, y), chance = Logistic(_offset + s), weight = Math.Max(LeastWeight, chance * (1 - chance));
        ReadOnlySpan<double> tangent = [weight * s + y - chance];
        if (RidgeRegression.IsFinite(x, weight, tangent, 0)
            && _amounts.TryLearn(amounts, x, 1, [Known(outcome.Cost, amounts, x, 0), Known(outcome.Latency, amounts, x, 1)], 0))
            _quality.TryLearn(quality, x, weight, tangent, 0);
    }

    /// <summary>False: what an outcome left depends on what came before it.</summary>
    public bool TryRetract(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome) => false;

    /// <inheritdoc/>
    public void Discount(Span<double> state, int arm, double gamma)
    {
        _quality.Discount(QualityOf(state, arm), gamma);
        _amounts.Discount(AmountsOf(state, arm), gamma);
    }

    /// <inheritdoc/>
    public bool TryMerge(Span<double> state, ReadOnlySpan<double> other)
    {
        if (other.Length > state.Length) return false;
        for (int arm = 0; arm < other.Length / ArmLength; arm++) // a damaged block adds nothing
        {
            _quality.TryMerge(QualityOf(state, arm), QualityOf(other, arm));
            _amounts.TryMerge(AmountsOf(state, arm), AmountsOf(other, arm));
        }

        return true;
    }

    /// <inheritdoc/>
    public bool TryBorrow(Span<double> state, int arm, ReadOnlySpan<double> lender, int lenderArm, bool includesOwn, double mass) =>
        _amounts.TryBorrow(AmountsOf(state, arm), AmountsOf(lender, lenderArm), includesOwn, mass)
        && _quality.TryBorrow(QualityOf(state, arm), QualityOf(lender, lenderArm), includesOwn, mass);

    private static double Logistic(double s) => 1 / (1 + Math.Exp(-s));

    private double Known(double target, ReadOnlySpan<double> block, ReadOnlySpan<double> x, int at)
    {
        if (!double.IsNaN(target)) return target;
        double mean = _amounts.MeanOf(block, x, at);
        return double.IsFinite(mean) ? mean : 0;
    }

    /// <summary>Solves s = mean + leverage (y - f(o + s)), whose two sides cross once, between where f is 1 and where it is 0; Newton's steps, halving where they leave that.</summary>
    private double ModeAlong(double mean, double leverage, double y)
    {
        double low = mean + leverage * (y - 1), high = mean + leverage * y, s = mean;
        for (int step = 0; step < MostSteps; step++)
        {
            double chance = Logistic(_offset + s), excess = s - mean - leverage * (y - chance);
            if (excess > 0) high = s;
            else low = s;
            double next = s - excess / (1 + leverage * chance * (1 - chance));
            if (!(next >= low && next <= high)) next = low + (high - low) / 2;
            if (Math.Abs(next - s) <= Precision * (1 + Math.Abs(s))) return next;
            s = next;
        }

        return s;
    }

    private Prediction PredictionOf(double mean, double leverage, double samples)
    {
        Span<double> chances = stackalloc double[Nodes];
        double deviation = Math.Sqrt(leverage);
        for (int i = 0; i < Nodes; i++) chances[i] = -(_offset + mean + deviation * s_nodes[i]);
        VectorMath.Exp(chances, chances);
        double expected = 0, variance = 0;
        for (int i = 0; i < Nodes; i++) expected += s_weights[i] * (chances[i] = 1 / (1 + chances[i]));
        for (int i = 0; i < Nodes; i++) variance += s_weights[i] * (chances[i] - expected) * (chances[i] - expected);
        return new Prediction
        {
            Quality = expected - _priorQuality,
            QualityDeviation = Math.Sqrt(variance),
            Degrees = double.PositiveInfinity,
            Samples = samples,
        };
    }

    private Span<double> QualityOf(Span<double> state, int arm) => state.Slice(arm * ArmLength, _quality.Length);

    private ReadOnlySpan<double> QualityOf(ReadOnlySpan<double> state, int arm) => state.Slice(arm * ArmLength, _quality.Length);

    private Span<double> AmountsOf(Span<double> state, int arm) => state.Slice(arm * ArmLength + _quality.Length, _amounts.Length);

    private ReadOnlySpan<double> AmountsOf(ReadOnlySpan<double> state, int arm) => state.Slice(arm * ArmLength + _quality.Length, _amounts.Length);
}
