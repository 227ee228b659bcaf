using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bandits.Numerics;

/// <summary>Exponential, logarithm and reductions over spans, four lanes at a time, with the same bits on every machine.</summary>
/// <remarks>
/// <code>
/// Source      argument reduction of Cody and Waite (1980), Software Manual for the Elementary Functions, chapters 5 and 6; Taylor series of the
///             exponential and of 2 atanh; a compensated first term of the logarithm as in Tang (1990), ACM Trans. Math. Software 16(4)
/// Rule        e^x = 2^n e^r, n = round(x / ln 2), r = x - n ln 2;  ln x = k ln 2 + ln(1 + f), 1 + f in [sqrt(1/2), sqrt(2)), s = f / (2 + f)
///             Sum, Dot: element i goes to lane i mod 4, lanes are added as (0 + 1) + (2 + 3)
/// Cost        O(n), 0 B
/// Departures  always Vector256, which the runtime carries out in software where the machine has none; additions, multiplications and divisions
///             are separate (no fused multiply-add, which the JIT never forms by itself), so every machine rounds alike
/// Guarantee   relative error of Exp and Log below 4e-16, tested against a 90-digit reference; the value of an element does not depend on its place
/// </code>
/// Exp: any argument; below -745.14 it is 0 or the nearest subnormal, above 709.79 infinity. Log: ln 0 = -infinity, subnormals exact to
/// the same error, NaN below 0. NaN stays NaN. Spans in and out may be the same span.
/// </remarks>
internal static class VectorMath
{
    private const int Lanes = 4;

    /// <summary>1.5 2^52: adding it leaves the nearest integer in the low bits.</summary>
    internal const double Rounder = 6755399441055744;

    internal const double InverseLn2 = 1.4426950408889634;

    /// <summary>ln 2 to 32 bits: its product with an exponent is exact.</summary>
    private const double Ln2High = 6.93147180369123816490e-01;

    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>e to this is infinite, and its power of two can still be made of two factors.</summary>
    private const double MostExponent = 710;

    /// <summary>e to this rounds to 0.</summary>
    private const double LeastExponent = -746;

    internal const long ExponentBias = 1023;
    internal const int MantissaBits = 52;
    internal const long MantissaMask = (1L << MantissaBits) - 1;
    private const long OneBits = ExponentBias << MantissaBits;
    internal const double RootHalf = 0.70710678118654752;

    /// <summary>2^52 with a biased exponent in its low bits is 2^52 more than that number.</summary>
    internal const long IntegerBits = 0x4330000000000000;

    internal const double IntegerOffset = 4503599627370496;

    /// <summary>Brings subnormals into the normal range.</summary>
    private const double SubnormalScale = 18014398509481984;

    private const double SubnormalShift = 54;
    private const double LeastNormal = 2.2250738585072014E-308;

    /// <summary>y_i = e^x_i.</summary>
    public static void Exp(ReadOnlySpan<double> x, Span<double> y)
    {
        y = y[..x.Length];
        ReadOnlySpan<Vector256<double>> wholeX = MemoryMarshal.Cast<double, Vector256<double>>(x);
        Span<Vector256<double>> wholeY = MemoryMarshal.Cast<double, Vector256<double>>(y);
        for (int i = 0; i < wholeX.Length; i++) wholeY[i] = Exp(wholeX[i]);
        if (wholeX.Length * Lanes < x.Length) Store(Exp(Rest(x, 0)), y);
    }

    /// <summary>y_i = ln x_i.</summary>
    public static void Log(ReadOnlySpan<double> x, Span<double> y)
    {
        y = y[..x.Length];
        ReadOnlySpan<Vector256<double>> wholeX = MemoryMarshal.Cast<double, Vector256<double>>(x);
        Span<Vector256<double>> wholeY = MemoryMarshal.Cast<double, Vector256<double>>(y);
        for (int i = 0; i < wholeX.Length; i++) wholeY[i] = Log(wholeX[i]);
        if (wholeX.Length * Lanes < x.Length) Store(Log(Rest(x, 1)), y);
    }

    /// <summary>The sum; 0 of nothing.</summary>
    public static double Sum(ReadOnlySpan<double> x)
    {
        ReadOnlySpan<Vector256<double>> whole = MemoryMarshal.Cast<double, Vector256<double>>(x);
        Vector256<double> sum = Vector256<double>.Zero;
        for (int i = 0; i < whole.Length; i++) sum += whole[i];
        return Across(sum + Rest(x, 0));
    }

    /// <summary>The sum of products of two spans of one length; 0 of nothing.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        y = y[..x.Length];
        ReadOnlySpan<Vector256<double>> wholeX = MemoryMarshal.Cast<double, Vector256<double>>(x), wholeY = MemoryMarshal.Cast<double, Vector256<double>>(y);
        Vector256<double> sum = Vector256<double>.Zero;
        for (int i = 0; i < wholeX.Length && i < wholeY.Length; i++) sum += wholeX[i] * wholeY[i];
        return Across(sum + Rest(x, 0) * Rest(y, 0));
    }

    /// <summary>The greatest element; -infinity of nothing. NaN is passed over.</summary>
    public static double Max(ReadOnlySpan<double> x)
    {
        ReadOnlySpan<Vector256<double>> whole = MemoryMarshal.Cast<double, Vector256<double>>(x);
        Vector256<double> most = Vector256.Create(double.NegativeInfinity);
        for (int i = 0; i < whole.Length; i++) most = Greater(whole[i], most);
        most = Greater(Rest(x, double.NegativeInfinity), most);
        double low = Greater(most[1], most[0]), high = Greater(most[3], most[2]);
        return Greater(high, low);
    }

    /// <summary>e^x in each lane.</summary>
    public static Vector256<double> Exp(Vector256<double> x)
    {
        x = Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256.Create(MostExponent)), Vector256.Create(MostExponent), x);
        x = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(LeastExponent)), Vector256.Create(LeastExponent), x);
        Vector256<double> rounder = Vector256.Create(Rounder);
        Vector256<double> n = x * Vector256.Create(InverseLn2) + rounder - rounder;
        Vector256<double> r = x - n * Vector256.Create(Ln2High) - n * Vector256.Create(Ln2Low);
        Vector256<double> half = n * Vector256.Create(0.5) + rounder; // n = low + high, neither beyond the range of exponents
        Vector256<double> rest = n - (half - rounder) + rounder;
        return ExpSeries(r) * PowerOfTwo(half) * PowerOfTwo(rest);
    }

    /// <summary>ln x in each lane.</summary>
    public static Vector256<double> Log(Vector256<double> x)
    {
        Vector256<double> isSmall = Vector256.LessThan(x, Vector256.Create(LeastNormal));
        Vector256<double> scaled = Vector256.ConditionalSelect(isSmall, x * Vector256.Create(SubnormalScale), x);
        Vector256<long> rootHalfBits = Vector256.Create(BitConverter.DoubleToInt64Bits(RootHalf));
        Vector256<long> shifted = scaled.AsInt64() + (Vector256.Create(OneBits) - rootHalfBits);
        Vector256<double> k = (Vector256.ShiftRightLogical(shifted, MantissaBits) | Vector256.Create(IntegerBits)).AsDouble()
            - Vector256.Create(IntegerOffset + ExponentBias) - (isSmall & Vector256.Create(SubnormalShift));
        Vector256<double> f = ((shifted & Vector256.Create(MantissaMask)) + rootHalfBits).AsDouble() - Vector256<double>.One;
        Vector256<double> s = f / (f + Vector256.Create(2.0)), halfSquare = f * f * Vector256.Create(0.5);
        Vector256<double> correction = s * (halfSquare + AtanhSeries(s * s)) + k * Vector256.Create(Ln2Low);
        Vector256<double> result = k * Vector256.Create(Ln2High) - (halfSquare - correction - f);
        Vector256<double> isOrdinary = Vector256.GreaterThan(x, Vector256<double>.Zero) & Vector256.LessThan(x, Vector256.Create(double.PositiveInfinity));
        return Vector256.ConditionalSelect(isOrdinary, result, LogAtTheEdge(x));
    }

    /// <summary>e^r for |r| &lt;= ln(2)/2 by 14 terms (the next is 4e-18), pairs first so that the lanes do not wait for one another.</summary>
    private static Vector256<double> ExpSeries(Vector256<double> r)
    {
        Vector256<double> square = r * r, fourth = square * square;
        Vector256<double> a = Vector256.Create(1.0 / 2) + r * Vector256.Create(1.0 / 6);
        Vector256<double> b = Vector256.Create(1.0 / 24) + r * Vector256.Create(1.0 / 120);
        Vector256<double> c = Vector256.Create(1.0 / 720) + r * Vector256.Create(1.0 / 5040);
        Vector256<double> d = Vector256.Create(1.0 / 40320) + r * Vector256.Create(1.0 / 362880);
        Vector256<double> e = Vector256.Create(1.0 / 3628800) + r * Vector256.Create(1.0 / 39916800);
        Vector256<double> f = Vector256.Create(1.0 / 479001600) + r * Vector256.Create(1.0 / 6227020800);
        Vector256<double> tail = a + square * b + fourth * (c + square * d + fourth * (e + square * f));
        return r + square * tail + Vector256<double>.One;
    }

    /// <summary>ln((1+s)/(1-s)) / s - 2 from z = s^2 up to 0.0295: 2 z/3 + 2 z^2/5 + ... in 11 terms (the next is 1e-18).</summary>
    private static Vector256<double> AtanhSeries(Vector256<double> z)
    {
        Vector256<double> square = z * z, fourth = square * square;
        Vector256<double> a = Vector256.Create(2.0 / 3) + z * Vector256.Create(2.0 / 5);
        Vector256<double> b = Vector256.Create(2.0 / 7) + z * Vector256.Create(2.0 / 9);
        Vector256<double> c = Vector256.Create(2.0 / 11) + z * Vector256.Create(2.0 / 13);
        Vector256<double> d = Vector256.Create(2.0 / 15) + z * Vector256.Create(2.0 / 17);
        Vector256<double> e = Vector256.Create(2.0 / 19) + z * Vector256.Create(2.0 / 21);
        return z * (a + square * b + fourth * (c + square * d + fourth * (e + square * Vector256.Create(2.0 / 23))));
    }

    /// <summary>2^n from a number whose low bits hold n.</summary>
    private static Vector256<double> PowerOfTwo(Vector256<double> rounded) =>
        Vector256.ShiftLeft(rounded.AsInt64() + Vector256.Create(ExponentBias), MantissaBits).AsDouble();

    /// <summary>-infinity at 0, itself at infinity, else NaN.</summary>
    private static Vector256<double> LogAtTheEdge(Vector256<double> x)
    {
        Vector256<double> atZero = Vector256.Equals(x, Vector256<double>.Zero), infinity = Vector256.Create(double.PositiveInfinity);
        Vector256<double> other = Vector256.ConditionalSelect(Vector256.Equals(x, infinity), infinity, Vector256.Create(double.NaN));
        return Vector256.ConditionalSelect(atZero, Vector256.Create(double.NegativeInfinity), other);
    }

    /// <summary>What is left after the last four elements, filled up.</summary>
    private static Vector256<double> Rest(ReadOnlySpan<double> x, double filler)
    {
        ReadOnlySpan<double> rest = x[(x.Length & ~(Lanes - 1))..];
        return Vector256.Create(rest.Length > 0 ? rest[0] : filler, rest.Length > 1 ? rest[1] : filler, rest.Length > 2 ? rest[2] : filler, filler);
    }

    private static void Store(Vector256<double> lanes, Span<double> y)
    {
        for (int i = y.Length & ~(Lanes - 1), lane = 0; i < y.Length; i++, lane++) y[i] = lanes[lane];
    }

    private static double Across(Vector256<double> lanes) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);

    private static Vector256<double> Greater(Vector256<double> x, Vector256<double> y) => Vector256.ConditionalSelect(Vector256.GreaterThan(x, y), x, y);

    private static double Greater(double x, double y) => x > y ? x : y;
}
