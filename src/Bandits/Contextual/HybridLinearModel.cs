using Bandits.Numerics;

namespace Bandits.Contextual;

/// <summary>
/// Bayesian linear regressions of all arms that vary around a common one. Prefer it to <see cref="LinearModel"/> where arms resemble one another: a new arm starts from what the others have in common.
/// </summary>
/// <remarks>
/// <code>
/// Source      Li, Chu, Langford, Schapire (2010), A contextual-bandit approach to personalized news article recommendation, WWW, algorithm 2 (hybrid LinUCB)
/// Rule        quality = x' (beta + theta_a),  beta ~ N(0, sigma^2 / l I),  theta_a ~ N(0, sigma^2 / k I).  Of an arm alone: P_a = (A_a + k I)^-1, h_a = P_a b_a; then
///             mean = x' h_a + k g' beta,   variance = sigma^2 (x' g + k^2 g' P_0 g),   g = P_a x
///             P_0 = (l I + sum_a (k I - k^2 P_a))^-1,   beta = P_0 sum_a k h_a
/// Update      of the arm as <see cref="RidgeRegression"/>; of the common part the same, at the point k g / sqrt(1 + x' g) with target (y - x' h_a) / sqrt(1 + x' g)
/// Symbols     l -> sharedRidge -> above 0 -> 1;   k -> armRidge -> the more, the more alike arms are taken to be -> above 0 -> 1
///             sigma^2 -> one for all arms, <see cref="NoisePrior"/> from all outcomes;   x -> features, then 1
/// Cost        predict O(K d^2), learn O(d^2), discount, merge and borrow O(K d^2 + d^3), 0 B; state as <see cref="LinearModel"/>, one block more
/// Departures  the paper's z, features of arm and task together, is here x itself: arms have no features. Its block elimination then has the closed form above
///             what is shared is a function of the arms' evidence: fading, merging and borrowing of an arm carry over to it at once
///             intercept, outcomes without cost or latency, damaged blocks: as <see cref="LinearModel"/>
/// Guarantee   predictions are those of the posterior for linear outcomes with normal noise of one variance; those of two arms err together
/// </code>
/// </remarks>
public sealed class HybridLinearModel : IFeatureModel
{
    private const int Targets = 3;
    private readonly RidgeRegression _shared;
    private readonly RidgeRegression _arm;
    private readonly NoisePrior _noise;

    /// <summary>Creates the model.</summary>
    /// <param name="featureCount">Features of a request, [1, 4096].</param>
    /// <param name="sharedRidge">Weight of the prior of the common coefficients, above 0.</param>
    /// <param name="armRidge">Weight of the prior that an arm's coefficients are the common ones, above 0.</param>
    /// <param name="noiseVariance">Variance of single outcomes that is assumed beforehand, above 0; 0.25 is the largest that quality in [0, 1] can have.</param>
    /// <param name="noiseSamples">Outcomes that <paramref name="noiseVariance"/> is worth, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public HybridLinearModel(
        int featureCount,
        double sharedRidge = RidgeRegression.DefaultRidge,
        double armRidge = RidgeRegression.DefaultRidge,
        double noiseVariance = NoisePrior.DefaultVariance,
        double noiseSamples = NoisePrior.DefaultSamples)
    {
        RidgeRegression.Check(featureCount, sharedRidge, nameof(sharedRidge));
        RidgeRegression.Check(featureCount, armRidge, nameof(armRidge));
        FeatureCount = featureCount;
        _noise = new NoisePrior(noiseVariance, noiseSamples);
        _shared = new RidgeRegression(featureCount + 1, Targets, sharedRidge);
        _arm = new RidgeRegression(featureCount + 1, Targets, armRidge);
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public bool SharesParameters => true;

    /// <inheritdoc/>
    public int HeaderLength => _shared.Length;

    /// <inheritdoc/>
    public int ArmLength => _arm.Length;

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<double> state, ReadOnlySpan<float> features, ReadOnlySpan<int> arms, Span<Prediction> predictions)
    {
        RegressionScratch scratch = RegressionScratch.Mine;
        ReadOnlySpan<double> x = scratch.PointOf(features, FeatureCount, _arm.Width), shared = state[..HeaderLength];
        Span<double> point = scratch.Derived(_arm.Width);
        double most = SymmetricTiles.Dot(x, x) / _arm.Ridge;
        for (int i = 0; i < arms.Length; i++)
        {
            ReadOnlySpan<double> block = BlockOf(state, arms[i]);
            double leverage = _arm.GainOf(block, x, most, point);
            SymmetricTiles.Scale(point, point, _arm.Ridge);
            leverage += _shared.LeverageOf(shared, point, SymmetricTiles.Dot(point, point) / _shared.Ridge);
            Prediction prediction = _noise.PredictionOf(MeanOf(shared, block, x, point, 0), leverage, RidgeRegression.ResidualOf(shared), RidgeRegression.SamplesOf(shared));
            prediction.Samples = RidgeRegression.SamplesOf(block);
            prediction.Cost = MeanOf(shared, block, x, point, 1);
            prediction.Latency = MeanOf(shared, block, x, point, 2);
            bool isSound = RidgeRegression.IsSound(block) && RidgeRegression.IsSound(shared)
                && double.IsFinite(prediction.Quality + prediction.QualityDeviation + prediction.Cost + prediction.Latency);
            predictions[i] = isSound ? prediction : _noise.PredictionOf(0, most + most * _arm.Ridge / _shared.Ridge, 0, 0);
        }
    }

    /// <inheritdoc/>
    public void Learn(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome)
    {
        Span<double> targets = stackalloc double[Targets], rest = stackalloc double[Targets];
        ReadOnlySpan<double> x = RegressionScratch.Mine.PointOf(features, FeatureCount, _arm.Width);
        bool isSound = TryDerive(state, x, outcome, 1, targets, rest, out Span<double> point);
        if (!_arm.TryLearn(BlockOf(state, outcome.Arm), x, 1, targets, targets[0] * targets[0])) return;
        if (!isSound || !_shared.TryLearn(state[..HeaderLength], point, 1, rest, rest[0] * rest[0])) RebuildShared(state);
    }

    /// <inheritdoc/>
    public bool TryRetract(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome)
    {
        Span<double> targets = stackalloc double[Targets], rest = stackalloc double[Targets];
        ReadOnlySpan<double> x = RegressionScratch.Mine.PointOf(features, FeatureCount, _arm.Width);
        bool isSound = TryDerive(state, x, outcome, -1, targets, rest, out Span<double> point);
        if (!_arm.TryRetract(BlockOf(state, outcome.Arm), x, 1, targets, targets[0] * targets[0])) return false;
        if (!isSound || !_shared.TryRetract(state[..HeaderLength], point, 1, rest, rest[0] * rest[0])) RebuildShared(state);
        return true;
    }

    /// <summary>As the interface says, but that what is shared follows the arms' evidence: the part of it that came from this arm fades too.</summary>
    public void Discount(Span<double> state, int arm, double gamma)
    {
        _arm.Discount(BlockOf(state, arm), gamma);
        RebuildShared(state);
    }

    /// <inheritdoc/>
    public bool TryMerge(Span<double> state, ReadOnlySpan<double> other)
    {
        if (other.Length > state.Length) return false;
        for (int arm = 0; arm < (other.Length - HeaderLength) / ArmLength; arm++) _arm.TryMerge(BlockOf(state, arm), BlockOf(other, arm)); // a damaged arm adds nothing
        RebuildShared(state);
        return true;
    }

    /// <inheritdoc/>
    public bool TryBorrow(Span<double> state, int arm, ReadOnlySpan<double> lender, int lenderArm, bool includesOwn, double mass)
    {
        if (!_arm.TryBorrow(BlockOf(state, arm), BlockOf(lender, lenderArm), includesOwn, mass)) return false;
        RebuildShared(state);
        return true;
    }

    /// <summary>What an outcome that comes (sign 1) or goes (-1) is to the arm and, as a point and its targets, to what is shared; false when the latter must be rebuilt instead.</summary>
    private bool TryDerive(
        ReadOnlySpan<double> state, ReadOnlySpan<double> x, in ModelOutcome outcome, double sign, Span<double> targets, Span<double> rest, out Span<double> point)
    {
        point = RegressionScratch.Mine.Derived(_arm.Width);
        ReadOnlySpan<double> block = BlockOf(state, outcome.Arm), shared = state[..HeaderLength];
        double remainder = 1 + sign * _arm.GainOf(block, x, SymmetricTiles.Dot(x, x) / _arm.Ridge, point);
        SymmetricTiles.Scale(point, point, _arm.Ridge);
        bool isSound = remainder >= RidgeRegression.LeastRemainder && RidgeRegression.IsSound(block) && RidgeRegression.IsSound(shared)
            && !double.IsNaN(_shared.LeverageOf(shared, point, SymmetricTiles.Dot(point, point) / _shared.Ridge));
        (targets[0], targets[1], targets[2]) = (outcome.Quality, outcome.Cost, outcome.Latency);
        for (int j = 0; j < Targets; j++)
        {
            if (j > 0 && double.IsNaN(targets[j])) targets[j] = MeanOf(shared, block, x, point, j) is var mean && double.IsFinite(mean) ? mean : 0;
            rest[j] = (targets[j] - _arm.MeanOf(block, x, j)) / Math.Sqrt(remainder);
        }

        SymmetricTiles.Scale(point, point, 1 / Math.Sqrt(remainder));
        return isSound;
    }

    private double MeanOf(ReadOnlySpan<double> shared, ReadOnlySpan<double> block, ReadOnlySpan<double> x, ReadOnlySpan<double> point, int target) =>
        _arm.MeanOf(block, x, target) + _shared.MeanOf(shared, point, target);

    /// <summary>What is shared, from the arms: sum of k I - k^2 P_a, of k h_a and of the arms' residuals.</summary>
    private void RebuildShared(Span<double> state)
    {
        Span<double> shared = state[..HeaderLength];
        _shared.Open(shared, out Span<double> gram, out Span<double> sums);
        int arms = (state.Length - HeaderLength) / ArmLength;
        double samples = 0, squares = 0, ridge = _arm.Ridge;
        for (int arm = 0; arm < arms; arm++)
        {
            Span<double> block = BlockOf(state, arm);
            if (!RidgeRegression.IsBuilt(block) || !RidgeRegression.IsSound(block) || !double.IsFinite(VectorMath.Sum(_arm.InverseOf(block)))) continue;
            samples += RidgeRegression.SamplesOf(block);
            squares += RidgeRegression.ResidualOf(block);
            SymmetricTiles.AddToDiagonal(gram, FeatureCount + 1, ridge);
            SymmetricTiles.AddScaled(gram, _arm.InverseOf(block), -ridge * ridge);
            for (int j = 0; j < Targets; j++) SymmetricTiles.AddScaled(sums.Slice(j * _arm.Width, _arm.Width), _arm.CoefficientsOf(block, j), ridge);
        }

        if (!(samples > 0) || !_shared.TryClose(shared, samples, squares)) shared.Clear();
    }

    private Span<double> BlockOf(Span<double> state, int arm) => state.Slice(HeaderLength + arm * ArmLength, ArmLength);

    private ReadOnlySpan<double> BlockOf(ReadOnlySpan<double> state, int arm) => state.Slice(HeaderLength + arm * ArmLength, ArmLength);
}
