using Bandits.Numerics;

namespace Bandits.Contextual;

/// <summary>
/// Puts random Fourier features in front of a model, so that a linear one fits smooth functions of any shape: a Bayesian last layer over a random network. Prefer it where outcomes bend with the features
/// and these are few; an embedding is such a layer already and goes to <see cref="LinearModel"/> as it is.
/// </summary>
/// <remarks>
/// <code>
/// Source      Rahimi, Recht (2007), Random features for large-scale kernel machines, NIPS, algorithm 1; with cosine and sine of one frequency instead of a random
///             phase: Sutherland, Schneider (2015), On the error of random Fourier features, UAI (less variance for this kernel)
/// Rule        z(x) = sqrt(2 / m) (cos(w_1' x), sin(w_1' x), cos(w_2' x), ...),  w_i ~ N(0, I / scale^2);  E z(x)' z(y) = exp(-|x - y|^2 / (2 scale^2))
/// Symbols     m -> FeatureCount of the model behind, even;   scale -> lengthScale -> units of the features -> above 0: how far apart tasks are that differ
/// Update      none: frequencies are drawn once, from the seed
/// Cost        O(m d / 2) and m / 2 sines and cosines a request, 0 B; 4 m d bytes in all
/// Departures  frequencies are numbers of a counter-based stream: the same seed and sizes give the same features in every process. Features are rounded to single
/// Guarantee   the kernel to within a few sqrt(2 / m), and |z(x)| = 1 exactly
/// </code>
/// States are those of the model behind; the seed is part of what they mean.
/// </remarks>
public sealed class RandomFeatures : IFeatureModel
{
    /// <summary>Sets this stream apart from those of decisions.</summary>
    private const ulong Incarnation = 0x52616e646f6d4665;

    private readonly IFeatureModel _model;
    private readonly double[] _frequencies;
    private readonly int _width;

    /// <summary>Creates the features in front of a model.</summary>
    /// <param name="featureCount">Features of a request, [1, 4096].</param>
    /// <param name="model">The model behind; its feature count, even, is that of the random features.</param>
    /// <param name="lengthScale">Distance over which outcomes change, in units of the features, above 0.</param>
    /// <param name="seed">Seed of the frequencies.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public RandomFeatures(int featureCount, IFeatureModel model, double lengthScale = 1, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        RidgeRegression.Check(featureCount, lengthScale, nameof(lengthScale));
        if (model.FeatureCount is < 2 or > RidgeRegression.MostFeatures || model.FeatureCount % 2 != 0) Throw.OutOfRange(nameof(model), model.FeatureCount, "an even number of features in [2, 4096]");
        (FeatureCount, _model) = (featureCount, model);
        _width = SymmetricTiles.WidthOf(featureCount + 1);
        _frequencies = new double[model.FeatureCount / 2 * _width];
        for (int i = 0; i < model.FeatureCount / 2; i++)
        {
            var stream = new RandomStream(seed, new DecisionId(Incarnation, (ulong)i), StreamPurpose.Policy);
            for (int j = 0; j < featureCount; j++) _frequencies[i * _width + j] = ZigguratNormal.Sample(ref stream) / lengthScale;
        }
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public bool SharesParameters => _model.SharesParameters;

    /// <inheritdoc/>
    public int HeaderLength => _model.HeaderLength;

    /// <inheritdoc/>
    public int ArmLength => _model.ArmLength;

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<double> state, ReadOnlySpan<float> features, ReadOnlySpan<int> arms, Span<Prediction> predictions)
    {
        Span<float> random = stackalloc float[_model.FeatureCount];
        Map(features, random);
        _model.Predict(state, random, arms, predictions);
    }

    /// <inheritdoc/>
    public void Learn(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome)
    {
        Span<float> random = stackalloc float[_model.FeatureCount];
        Map(features, random);
        _model.Learn(state, random, outcome);
    }

    /// <inheritdoc/>
    public bool TryRetract(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome)
    {
        Span<float> random = stackalloc float[_model.FeatureCount];
        Map(features, random);
        return _model.TryRetract(state, random, outcome);
    }

    /// <inheritdoc/>
    public void Discount(Span<double> state, int arm, double gamma) => _model.Discount(state, arm, gamma);

    /// <inheritdoc/>
    public bool TryMerge(Span<double> state, ReadOnlySpan<double> other) => _model.TryMerge(state, other);

    /// <inheritdoc/>
    public bool TryBorrow(Span<double> state, int arm, ReadOnlySpan<double> lender, int lenderArm, bool includesOwn, double mass) =>
        _model.TryBorrow(state, arm, lender, lenderArm, includesOwn, mass);

    /// <summary>z(x).</summary>
    internal void Map(ReadOnlySpan<float> features, Span<float> random)
    {
        ReadOnlySpan<double> x = RegressionScratch.Mine.PointOf(features, FeatureCount, _width);
        double size = Math.Sqrt(2.0 / random.Length);
        for (int i = 0; i < random.Length / 2; i++)
        {
            (double sine, double cosine) = Math.SinCos(VectorMath.Dot(_frequencies.AsSpan(i * _width, _width), x));
            random[2 * i] = (float)(size * cosine);
            random[2 * i + 1] = (float)(size * sine);
        }
    }
}
