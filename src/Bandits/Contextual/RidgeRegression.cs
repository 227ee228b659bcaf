using System.Runtime.Intrinsics;
using Bandits.Numerics;

namespace Bandits.Contextual;

/// <summary>Ridge regression of up to three targets on one set of points, updated one outcome at a time: what the models of this folder are made of.</summary>
/// <remarks>
/// <code>
/// Source      Hoerl, Kennard (1970), Ridge regression, Technometrics 12(1); Sherman, Morrison (1950), Annals of Mathematical Statistics 21(1)
/// Rule        theta_j = P (b_j + b0_j),   P = (A + A0 + ridge I)^-1;   at x: mean_j = x' theta_j,  leverage q = x' P x
/// Update      A += w x x',  b_j += w y_j x;   g = P x,  P -= w g g' / (1 + w q),  theta_j += g w (y_j - mean_j) / (1 + w q)
/// Symbols     A, b, squares, samples -> own evidence, the ridge not in it, so that it adds, subtracts and fades exactly
///             A0, b0, ... -> borrowed evidence, replaced as a whole;   w -> weight -> above 0;  w y_j -> weighted target
///             residual -> least of sum w (y_0 - x' theta)^2 + ridge |theta|^2, by squares - theta_0' (b_0 + b0_0)
///             parameters -> coefficients that the evidence, and not the ridge, decides: tr(P (A + A0)) = d - ridge tr P -> [0, d] (Hastie, Tibshirani (1990), Generalized additive models, section 3.5)
///             u -> what the last outcome takes from P, P -= u u': done on the way to the next gain, so that learning passes through P once
/// Cost        learn O(d^2): P read and written once; A is brought up to date for 8 outcomes in one pass. Rebuild: O(d^3 / 2). State: 3 matrices of
///             d^2 / 2 and (2 targets + 12) d numbers; 0 B
/// Departures  P is renewed from A when its drift, measured every 128 outcomes, is worse than 1e-10 and 16 times that of a fresh one.
///             docs/decisions/0017 has the reasons
///             a leverage that is not in [0, |x|^2 / ridge] comes from a damaged state, which then counts as empty
/// Guarantee   10^6 updates and a batch solution agree to 1e-9, tested
/// </code>
/// This half predicts and learns; what changes whole evidence is in the other.
/// </remarks>
internal sealed partial class RidgeRegression
{
    /// <summary>The papers' identity matrix.</summary>
    public const double DefaultRidge = 1;

    /// <summary>Below it, taking an outcome back would lose digits, and the inverse is rebuilt instead.</summary>
    public const double LeastRemainder = 1e-2;

    private const int MostTargets = 3;

    /// <summary>As many as <see cref="RouterOptions.FeatureCount"/> allows.</summary>
    public const int MostFeatures = 4096;

    /// <summary>Outcomes that A is brought up to date for in one pass.</summary>
    private const int Together = 8;

    /// <summary>Outcomes between two measurements of drift.</summary>
    private const int MeasureEvery = 128;

    private const double MostDrift = 1e-10;

    /// <summary>How much worse than fresh an inverse may be: an ill-conditioned one is not better for being new.</summary>
    private const double MostDecline = 16;

    /// <summary>Rounding that a leverage may show above its bound.</summary>
    private const double Slack = 1 + 1e-6;

    /// <summary>How lucky noise is taken to be.</summary>
    private const double LuckyDeviations = 2;

    /// <summary>Numbers that leave room to be multiplied with one another.</summary>
    private const double MostSize = 1e150;

    // What a block begins with.
    private const int Built = 0;
    private const int SamplesAt = 1;
    private const int SquaresAt = 2;
    private const int ResidualAt = 3;
    private const int BorrowedSamplesAt = 4; // counts up to here are checked together
    private const int BorrowedSquaresAt = 5;
    private const int WaitingAt = 6;
    private const int SinceMeasuredAt = 7;
    private const int DriftAt = 8;
    private const int FreshDriftAt = 9;
    private const int RebuildsAt = 10;
    private const int CorrectedAt = 11; // whether u is not 0
    private const int ParametersAt = 12;
    private const int Scalars = 16; // whole vectors

    private readonly int _dimension;
    private readonly int _targets;
    private readonly double _ridge;
    private readonly int _matrix;

    // Where in a block things are.
    private readonly int _coefficients;
    private readonly int _sums;
    private readonly int _borrowedSums;
    private readonly int _waiting;
    private readonly int _correction;
    private readonly int _inverse;
    private readonly int _gram;
    private readonly int _borrowedGram;

    /// <param name="dimension">Numbers of a point that count.</param>
    /// <param name="targets">1 to 3.</param>
    /// <param name="ridge">Above 0, finite.</param>
    public RidgeRegression(int dimension, int targets, double ridge)
    {
        (_dimension, _targets, _ridge) = (dimension, targets, ridge);
        Width = SymmetricTiles.WidthOf(dimension);
        _matrix = SymmetricTiles.LengthOf(Width);
        _coefficients = Scalars;
        _correction = _coefficients + MostTargets * Width; // with the coefficients it makes four rows that are read together
        _inverse = _correction + Width;
        _sums = _inverse + _matrix;
        _waiting = _sums + targets * Width;
        _gram = _waiting + Together * Width;
        _borrowedSums = _gram + _matrix;
        _borrowedGram = _borrowedSums + targets * Width;
        Length = _borrowedGram + _matrix;
    }

    /// <summary>Numbers of a point, padding included.</summary>
    public int Width { get; }

    /// <summary>Numbers of a block.</summary>
    public int Length { get; }

    /// <summary>Weight of the prior.</summary>
    public double Ridge => _ridge;

    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static void Check(int featureCount, double ridge, string nameOfRidge)
    {
        if (featureCount is < 1 or > MostFeatures) Throw.OutOfRange(nameof(featureCount), featureCount, "[1, 4096] features");
        if (!(ridge > 0 && double.IsFinite(ridge))) Throw.OutOfRange(nameOfRidge, ridge, "above 0, finite");
    }

    /// <summary>Whether numbers leave room to be computed with.</summary>
    public static bool IsFinite(ReadOnlySpan<double> x, double weight, ReadOnlySpan<double> weighted, double square)
    {
        double norm = SymmetricTiles.Dot(x, x), most = VectorMath.Dot(weighted, weighted);
        return weight > 0 && norm <= MostSize && most <= MostSize && weight <= MostSize && square >= 0 && square <= MostSize;
    }

    /// <summary>Whether counts and sums are such as something honest can have left; of an empty block they are.</summary>
    public static bool IsSound(ReadOnlySpan<double> block) => !IsBuilt(block) || HasSoundCounts(block);

    /// <summary>Whether anything has been learnt or borrowed.</summary>
    public static bool IsBuilt(ReadOnlySpan<double> block) => block[Built] == 1;

    /// <summary>Outcomes, own and borrowed.</summary>
    public static double SamplesOf(ReadOnlySpan<double> block) => IsBuilt(block) ? block[SamplesAt] + block[BorrowedSamplesAt] : 0;

    /// <summary>Least penalised sum of squares of the first target, 0 or more.</summary>
    public static double ResidualOf(ReadOnlySpan<double> block) => IsBuilt(block) ? block[ResidualAt] : 0;

    /// <summary>
    /// The share of what the regression of the first target explains that noise alone would explain when it is lucky, in [0, 1]: v (p + 2 sqrt(2 p)) / e with p parameters, e = squares - residual explained and v the
    /// variance of single outcomes, (m v0 + residual) / (m + n - p). James and Stein shrink by v p / e, the mean of noise; arms are compared and the luckiest wins, so two deviations are added (those of chi-square
    /// of p degrees, which a ridge does not reach). An empty block, which explains nothing, has 1.
    /// </summary>
    public static double ChanceOf(ReadOnlySpan<double> block, in NoisePrior noise)
    {
        double samples = SamplesOf(block), residual = ResidualOf(block);
        if (!(samples > 0)) return 1;
        double parameters = block[ParametersAt], explained = block[SquaresAt] + block[BorrowedSquaresAt] - residual;
        double variance = (noise.Samples * noise.Variance + residual) / (noise.Samples + Math.Max(0, samples - parameters));
        double chance = variance * (parameters + LuckyDeviations * Math.Sqrt(2 * parameters));
        return chance < explained ? Math.Max(0, chance / explained) : 1; // 1 where something is NaN
    }

    /// <summary>Relative error that the last measurement found in the leverage of the point learnt then, and how often it was rebuilt.</summary>
    public static (double Drift, double Rebuilds) HealthOf(ReadOnlySpan<double> block) => (block[DriftAt], block[RebuildsAt]);

    /// <summary>P, brought up to date.</summary>
    public ReadOnlySpan<double> InverseOf(Span<double> block)
    {
        Settle(block);
        return block.Slice(_inverse, _matrix);
    }

    public ReadOnlySpan<double> CoefficientsOf(ReadOnlySpan<double> block, int target) => block.Slice(_coefficients + target * Width, Width);

    /// <summary>x' theta of the targets, lane by lane, and the leverage as <see cref="LeverageOf"/> gives it; 0 of an empty block and of targets that there are not.</summary>
    public Vector256<double> MeansOf(ReadOnlySpan<double> block, ReadOnlySpan<double> x, double most, out double leverage)
    {
        leverage = most;
        if (!IsBuilt(block)) return Vector256<double>.Zero;
        Vector256<double> means = Products(block, x);
        leverage = Held(SymmetricTiles.QuadraticForm(block.Slice(_inverse, _matrix), x) - means[3] * means[3], most);
        return means;
    }

    /// <summary>The leverage of a point, 0 or more; NaN where nothing honest can have left it. An empty block's is that of the prior.</summary>
    /// <param name="block">A block.</param>
    /// <param name="x">The point.</param>
    /// <param name="most">x' x / ridge, the prior's.</param>
    public double LeverageOf(ReadOnlySpan<double> block, ReadOnlySpan<double> x, double most)
    {
        if (!IsBuilt(block)) return most;
        double corrected = SymmetricTiles.Dot(block.Slice(_correction, Width), x);
        return Held(SymmetricTiles.QuadraticForm(block.Slice(_inverse, _matrix), x) - corrected * corrected, most);
    }

    /// <summary>x' theta of one target; 0 of an empty block.</summary>
    public double MeanOf(ReadOnlySpan<double> block, ReadOnlySpan<double> x, int target) =>
        IsBuilt(block) ? SymmetricTiles.Dot(CoefficientsOf(block, target), x) : 0;

    /// <summary>g = P x, and the leverage x' g as <see cref="LeverageOf"/> gives it.</summary>
    public double GainOf(ReadOnlySpan<double> block, ReadOnlySpan<double> x, double most, Span<double> gain)
    {
        if (IsBuilt(block))
        {
            ReadOnlySpan<double> correction = block.Slice(_correction, Width);
            SymmetricTiles.Multiply(block.Slice(_inverse, _matrix), x, gain);
            SymmetricTiles.AddScaled(gain, correction, -SymmetricTiles.Dot(correction, x));
        }
        else
        {
            SymmetricTiles.Scale(gain, x, 1 / _ridge);
        }

        return Held(SymmetricTiles.Dot(gain, x), most);
    }

    /// <summary>Takes one outcome in; false, and nothing changes, when something would not stay finite. A damaged block is mended from its evidence first or begins anew.</summary>
    /// <param name="block">Changed.</param>
    /// <param name="x">The point, finite.</param>
    /// <param name="weight">w.</param>
    /// <param name="weighted">w y_j.</param>
    /// <param name="square">w y_0^2.</param>
    public bool TryLearn(Span<double> block, ReadOnlySpan<double> x, double weight, ReadOnlySpan<double> weighted, double square)
    {
        if (!IsFinite(x, weight, weighted, square)) return false;
        if (!IsBuilt(block)) Start(block);
        Span<double> gain = RegressionScratch.Mine.Gain(Width), steps = stackalloc double[_targets];
        if (!TryStep(block, x, weight, weighted, gain, steps, 1, out double remainder))
        {
            if (!TryRebuild(block)) Start(block);
            if (!TryStep(block, x, weight, weighted, gain, steps, 1, out remainder)) return false;
        }

        if (WaitingIn(block) == Together) Fold(block);
        Span<double> waiting = block.Slice(_waiting, Together * Width);
        int count = WaitingIn(block);
        SymmetricTiles.Scale(waiting.Slice(count * Width, Width), x, Math.Sqrt(weight));
        block[WaitingAt] = count + 1;
        Move(block, x, weighted, gain, steps, 1);
        SymmetricTiles.Scale(block.Slice(_correction, Width), gain, Math.Sqrt(weight / remainder));
        block[CorrectedAt] = 1;
        block[SamplesAt]++;
        block[SquaresAt] += square;
        if (count + 1 == Together) Fold(block);
        if (!(++block[SinceMeasuredAt] < MeasureEvery)) Measure(block, x);
        Summarise(block);
        return true;
    }

    /// <summary>Takes an outcome back that was learnt with the same numbers; false, and nothing changes, when it cannot have been.</summary>
    public bool TryRetract(Span<double> block, ReadOnlySpan<double> x, double weight, ReadOnlySpan<double> weighted, double square)
    {
        if (!IsFinite(x, weight, weighted, square) || !IsBuilt(block) || !(block[SamplesAt] > 0)) return false;
        Span<double> gain = RegressionScratch.Mine.Gain(Width), steps = stackalloc double[_targets];
        Span<double> kept = Keep(block);
        bool isSound = TryStep(block, x, weight, weighted, gain, steps, -1, out double remainder);
        Fold(block);
        Span<double> change = RegressionScratch.Mine.Other(Width);
        SymmetricTiles.Scale(change, x, Math.Sqrt(weight));
        SymmetricTiles.SubtractOuter(block.Slice(_gram, _matrix), change);
        block[SamplesAt] = Math.Max(0, block[SamplesAt] - 1);
        block[SquaresAt] = Math.Max(0, block[SquaresAt] - square);
        if (isSound && remainder >= LeastRemainder)
        {
            Move(block, x, weighted, gain, steps, -1);
            SymmetricTiles.Scale(gain, gain, Math.Sqrt(weight / remainder));
            SymmetricTiles.AddOuter(block.Slice(_inverse, _matrix), gain, Width, Width);
            if (!(++block[SinceMeasuredAt] < MeasureEvery)) Measure(block, x);
            Summarise(block);
        }
        else
        {
            Move(block, x, weighted, gain, [], -1);
            if (!TryRebuild(block))
            {
                kept.CopyTo(block);
                return false;
            }
        }

        if (!(SamplesOf(block) > 0)) block.Clear();
        return true;
    }

    private static int WaitingIn(ReadOnlySpan<double> block) => block[WaitingAt] is >= 0 and <= Together and double count ? (int)count : 0;

    private static bool HasSoundCounts(ReadOnlySpan<double> block)
    {
        var counts = Vector256.Create(block.Slice(SamplesAt, 4));
        return Vector256.GreaterThanOrEqualAll(counts, Vector256<double>.Zero) && Vector256.LessThanOrEqualAll(counts, Vector256.Create(MostSize)) && block[BorrowedSquaresAt] is >= 0 and <= MostSize;
    }

    /// <summary>A leverage that may be negative by rounding, and no more than that, or else NaN.</summary>
    private static double Held(double leverage, double most) => leverage >= most * (1 - Slack) && leverage <= most * Slack ? Math.Max(0, leverage) : double.NaN;

    /// <summary>x' theta of the targets and, last, x' u.</summary>
    private Vector256<double> Products(ReadOnlySpan<double> block, ReadOnlySpan<double> x) => SymmetricTiles.Dots(x, block.Slice(_coefficients, (MostTargets + 1) * Width));

    /// <summary>Takes from P what the last outcome takes from it.</summary>
    private void Settle(Span<double> block)
    {
        if (block[CorrectedAt] == 0) return;
        Span<double> correction = block.Slice(_correction, Width);
        SymmetricTiles.SubtractOuter(block.Slice(_inverse, _matrix), correction);
        correction.Clear();
        block[CorrectedAt] = 0;
    }

    /// <summary>Makes an empty block one to learn in.</summary>
    private void Start(Span<double> block)
    {
        block.Clear();
        block[Built] = 1;
        SymmetricTiles.AddToDiagonal(block.Slice(_inverse, _matrix), _dimension, 1 / _ridge);
    }

    /// <summary>What an outcome that comes (sign 1) or goes (-1) changes: g = P x, remainder = 1 + sign w q and, for each target, w (y - mean) / remainder. False when the block is damaged. P is brought up to date.</summary>
    private bool TryStep(
        Span<double> block, ReadOnlySpan<double> x, double weight, ReadOnlySpan<double> weighted, Span<double> gain, Span<double> steps, double sign, out double remainder)
    {
        Span<double> inverse = block.Slice(_inverse, _matrix), correction = block.Slice(_correction, Width);
        if (block[CorrectedAt] == 0) SymmetricTiles.Multiply(inverse, x, gain);
        else SymmetricTiles.SubtractOuterAndMultiply(inverse, correction, x, gain);
        correction.Clear();
        block[CorrectedAt] = 0;
        double leverage = Held(SymmetricTiles.Dot(gain, x), SymmetricTiles.Dot(x, x) / _ridge);
        remainder = 1 + sign * weight * leverage;
        bool isSound = HasSoundCounts(block) && !double.IsNaN(leverage); // a gain that is not finite shows in the leverage
        Vector256<double> means = Products(block, x);
        for (int j = 0; j < _targets; j++)
        {
            steps[j] = (weighted[j] - weight * means[j]) / remainder;
            isSound &= Math.Abs(steps[j]) <= MostSize;
        }

        return isSound;
    }

    /// <summary>Adds to the sums, and to the coefficients where there are steps.</summary>
    private void Move(Span<double> block, ReadOnlySpan<double> x, ReadOnlySpan<double> weighted, ReadOnlySpan<double> gain, ReadOnlySpan<double> steps, double sign)
    {
        for (int j = 0; j < _targets; j++)
        {
            SymmetricTiles.AddScaled(block.Slice(_sums + j * Width, Width), x, sign * weighted[j]);
            if (!steps.IsEmpty) SymmetricTiles.AddScaled(block.Slice(_coefficients + j * Width, Width), gain, sign * steps[j]);
        }
    }

    /// <summary>What is read off coefficients and inverse: residual and parameters.</summary>
    private void Summarise(Span<double> block)
    {
        ReadOnlySpan<double> coefficients = CoefficientsOf(block, 0);
        double explained = SymmetricTiles.Dot(coefficients, block.Slice(_sums, Width));
        if (block[BorrowedSamplesAt] > 0) explained += SymmetricTiles.Dot(coefficients, block.Slice(_borrowedSums, Width));
        block[ResidualAt] = Math.Max(0, block[SquaresAt] + block[BorrowedSquaresAt] - explained);
        ReadOnlySpan<double> correction = block.Slice(_correction, Width);
        double trace = SymmetricTiles.Trace(block.Slice(_inverse, _matrix), _dimension) - SymmetricTiles.Dot(correction, correction);
        block[ParametersAt] = Math.Clamp(_dimension - _ridge * trace, 0, _dimension);
    }
}
