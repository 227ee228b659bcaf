using System.Runtime.Intrinsics;
using Bandits.Numerics;

namespace Bandits.Statistics;

/// <summary>A law on panels: its density at the nodes, and how long a panel may be.</summary>
internal partial struct UtilityLaw
{
    /// <summary>
    /// Most that the logarithm of a density may change over a panel: 7 standard deviations about a mean. This and the next three
    /// tuned on the cases of the tests, which then err by 3e-6 at most; with 60 they err by 5e-4.
    /// </summary>
    private const double MostChange = 24;

    /// <summary>The same where the density rises: other arms may weigh most where it is least.</summary>
    private const double MostRise = 16;

    /// <summary>Most length over the distance to a branch point behind the panel.</summary>
    private const double MostGrowth = 8;

    /// <summary>Most length over the distance to a branch point ahead: the same panel from the other side, 8/(1 + 8).</summary>
    private const double MostApproach = 0.89;

    /// <summary>Most length over the distance to the complex branch points of a Student density.</summary>
    private const double MostStudentReach = 1.6;

    /// <summary>The same on the way to the centre, 1.6/(1 + 1.6).</summary>
    private const double MostStudentApproach = 0.6;

    /// <summary>The Gumbel density has saddle points pi scales off the real line.</summary>
    private const double MostGumbelReach = 3;

    /// <summary>Density times length at each node of a panel; the nodes are given by their distances from an anchor.</summary>
    public readonly void Fill(double anchor, ReadOnlySpan<Vector256<double>> offsets, ReadOnlySpan<Vector256<double>> lengths, Span<Vector256<double>> values)
    {
        Vector256<double> peak = Vector256.Create(_peak), perScale = Vector256.Create(1 / Scale), zero = Vector256<double>.Zero;
        Vector256<double> fromCentre = Vector256.Create(anchor - _centre);
        values = values[..offsets.Length];
        lengths = lengths[..offsets.Length];
        switch (Kind)
        {
            case LawKind.Beta:
                FillBeta(anchor, offsets, lengths, values);
                break;
            case LawKind.Student:
                Vector256<double> exponent = Vector256.Create(-(First + 1) / 2), perDegree = Vector256.Create(1 / First);
                for (int i = 0; i < offsets.Length; i++)
                {
                    Vector256<double> z = (fromCentre + offsets[i]) * perScale;
                    values[i] = lengths[i] * peak * CoarseMath.Exp(exponent * CoarseMath.Log(Vector256<double>.One + z * z * perDegree));
                }

                break;
            case LawKind.Normal:
                for (int i = 0; i < offsets.Length; i++)
                {
                    Vector256<double> z = (fromCentre + offsets[i]) * perScale;
                    values[i] = lengths[i] * peak * CoarseMath.Exp(z * z * Vector256.Create(-0.5));
                }

                break;
            case LawKind.Gumbel:
                for (int i = 0; i < offsets.Length; i++)
                {
                    Vector256<double> z = (fromCentre + offsets[i]) * perScale;
                    values[i] = lengths[i] * peak * CoarseMath.Exp(zero - z - CoarseMath.Exp(zero - z));
                }

                break;
            default:
                values.Clear();
                break;
        }
    }

    private readonly void FillBeta(
        double anchor, ReadOnlySpan<Vector256<double>> offsets, ReadOnlySpan<Vector256<double>> lengths, Span<Vector256<double>> values)
    {
        Vector256<double> fromLow = Vector256.Create((anchor - Low) * _perLow), toHigh = Vector256.Create((High - anchor) * _perHigh);
        Vector256<double> perLow = Vector256.Create(_perLow), perHigh = Vector256.Create(_perHigh), zero = Vector256<double>.Zero;
        Vector256<double> a1 = Vector256.Create(_a - 1), b1 = Vector256.Create(_b - 1), peak = Vector256.Create(_peak);
        for (int i = 0; i < offsets.Length; i++)
        {
            Vector256<double> q = Vector256.FusedMultiplyAdd(offsets[i], perLow, fromLow), r = Vector256.FusedMultiplyAdd(offsets[i], -perHigh, toHigh);
            Vector256<double> density = peak * CoarseMath.Exp(Vector256.FusedMultiplyAdd(a1, CoarseMath.Log(q), b1 * CoarseMath.Log(r)));
            values[i] = lengths[i] * (density & Vector256.GreaterThan(q, zero) & Vector256.GreaterThan(r, zero));
        }
    }

    /// <summary>How long a panel from <paramref name="y"/> on may be, for polynomials to follow the density and its running integral.</summary>
    public readonly double Reach(double y)
    {
        double z = (y - _centre) / Scale;
        switch (Kind)
        {
            case LawKind.Beta:
                return BetaReach(y, HasHardEnd && !_isRightSmooth ? MostApproach : double.PositiveInfinity, _isRightSmooth ? 0 : _b - 1);
            case LawKind.Student:
                double square = First + z * z;
                double free = z < 0 ? Math.Max(MostStudentApproach * -z, MostStudentReach * Math.Sqrt(First)) : MostStudentReach * Math.Sqrt(square);
                return Scale * Math.Min(free, StepOf(-(First + 1) * z / square, (First + 1) / square));
            case LawKind.Normal: return Scale * StepOf(-z, 1);
            case LawKind.Gumbel:
                double steep = Math.Exp(-z);
                return Scale * Math.Min(MostGumbelReach, StepOf(steep - 1, steep));
            default: return double.PositiveInfinity;
        }
    }

    /// <summary>As <see cref="Reach"/>, of a panel that may end at the upper end of the support, for whose singularity it is made.</summary>
    public readonly double ReachToEnd(double y) => BetaReach(y, double.PositiveInfinity, HasHardEnd ? 0 : _b - 1);

    /// <param name="y">Where the panel starts.</param>
    /// <param name="mostApproach">Most length over the distance to the upper end.</param>
    /// <param name="highExponent">Exponent at the upper end, unless polynomials follow it anyway.</param>
    private readonly double BetaReach(double y, double mostApproach, double highExponent)
    {
        double fromLow = y - Low, lowExponent = _isLeftSmooth || fromLow <= 0 ? 0 : _a - 1;
        if (lowExponent == 0 && highExponent == 0) return double.PositiveInfinity;
        double perLow = 1 / fromLow, perHigh = 1 / (High - y), high = highExponent * perHigh, low = 0, curvature = Math.Abs(high) * perHigh;
        if (lowExponent != 0) (low, curvature) = (lowExponent * perLow, curvature + Math.Abs(lowExponent) * perLow * perLow);
        if (lowExponent != 0 && highExponent != 0 && y < _centre) curvature = Math.Max(curvature, _curvature);
        double reach = Math.Min(StepOf(low - high, curvature), mostApproach * (High - y));
        return lowExponent == 0 ? reach : Math.Min(reach, fromLow * MostGrowth);
    }

    /// <summary>The step over which a logarithm of this slope and (downward) curvature rises or falls by no more than allowed.</summary>
    private static double StepOf(double slope, double curvature)
    {
        double square = slope * slope, rise = 2 * MostRise * curvature;
        if (slope <= 0) return 2 * MostChange / (Math.Sqrt(square + 2 * MostChange * curvature) - slope); // infinite where nothing changes
        return square > rise ? 2 * MostRise / (slope + Math.Sqrt(square - rise)) : Math.Sqrt(2 * MostChange / curvature);
    }
}
