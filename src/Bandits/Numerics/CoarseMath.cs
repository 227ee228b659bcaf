using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bandits.Numerics;

/// <summary>Exponential and logarithm for quadrature: half of the work of <see cref="VectorMath"/>, inlined, ordinary arguments only.</summary>
/// <remarks>
/// <code>
/// Source      as <see cref="VectorMath"/>, its series cut short
/// Rule        e^x = 2^n e^r, n = round(x / ln 2), r = x - n ln 2;  ln x = k ln 2 + ln(1 + f), 1 + f in [sqrt(1/2), sqrt(2)), s = f / (2 + f)
/// Cost        one division for a logarithm, none for an exponential; 0 B
/// Departures  no compensation, no subnormals: an argument that is not a positive normal number has a finite but meaningless logarithm;
///             an exponential is held between e^-708 and e^709
/// Guarantee   relative error of Exp below 1e-11 up to |x| = 708, of Log below 2e-12 where x is a positive normal number; the same bits on every machine
/// </code>
/// </remarks>
internal static class CoarseMath
{
    private const double Ln2 = 0.69314718055994530942;
    private const double MostExponent = 709;
    private const double LeastExponent = -708;

    /// <summary>e^x in each lane, by 10 terms on |r| &lt;= ln(2)/2: the next is 7e-12.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Exp(Vector256<double> x)
    {
        x = Vector256.MinNative(Vector256.MaxNative(x, Vector256.Create(LeastExponent)), Vector256.Create(MostExponent));
        Vector256<double> rounded = Vector256.FusedMultiplyAdd(x, Vector256.Create(VectorMath.InverseLn2), Vector256.Create(VectorMath.Rounder));
        Vector256<double> r = Vector256.FusedMultiplyAdd(rounded - Vector256.Create(VectorMath.Rounder), Vector256.Create(-Ln2), x);
        Vector256<double> square = r * r, fourth = square * square;
        Vector256<double> a = Vector256<double>.One + r;
        Vector256<double> b = Vector256.FusedMultiplyAdd(r, Vector256.Create(1.0 / 6), Vector256.Create(1.0 / 2));
        Vector256<double> c = Vector256.FusedMultiplyAdd(r, Vector256.Create(1.0 / 120), Vector256.Create(1.0 / 24));
        Vector256<double> d = Vector256.FusedMultiplyAdd(r, Vector256.Create(1.0 / 5040), Vector256.Create(1.0 / 720));
        Vector256<double> e = Vector256.FusedMultiplyAdd(r, Vector256.Create(1.0 / 362880), Vector256.Create(1.0 / 40320));
        Vector256<double> high = Vector256.FusedMultiplyAdd(fourth, e, Vector256.FusedMultiplyAdd(square, d, c));
        Vector256<double> series = Vector256.FusedMultiplyAdd(fourth, high, Vector256.FusedMultiplyAdd(square, b, a));
        return series * Vector256.ShiftLeft(rounded.AsInt64() + Vector256.Create(VectorMath.ExponentBias), VectorMath.MantissaBits).AsDouble();
    }

    /// <summary>ln x in each lane, by 2 atanh s in 7 terms: the next is 1.3e-12 of the whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log(Vector256<double> x)
    {
        Vector256<long> rootHalfBits = Vector256.Create(BitConverter.DoubleToInt64Bits(VectorMath.RootHalf));
        Vector256<long> shifted = x.AsInt64() + (Vector256.Create(VectorMath.ExponentBias << VectorMath.MantissaBits) - rootHalfBits);
        Vector256<double> k = (Vector256.ShiftRightLogical(shifted, VectorMath.MantissaBits) | Vector256.Create(VectorMath.IntegerBits)).AsDouble()
            - Vector256.Create(VectorMath.IntegerOffset + VectorMath.ExponentBias);
        Vector256<double> f = ((shifted & Vector256.Create(VectorMath.MantissaMask)) + rootHalfBits).AsDouble() - Vector256<double>.One;
        Vector256<double> s = f / (f + Vector256.Create(2.0)), z = s * s, square = z * z;
        Vector256<double> a = Vector256.FusedMultiplyAdd(z, Vector256.Create(2.0 / 5), Vector256.Create(2.0 / 3));
        Vector256<double> b = Vector256.FusedMultiplyAdd(z, Vector256.Create(2.0 / 9), Vector256.Create(2.0 / 7));
        Vector256<double> c = Vector256.FusedMultiplyAdd(z, Vector256.Create(2.0 / 13), Vector256.Create(2.0 / 11));
        Vector256<double> series = Vector256.FusedMultiplyAdd(square, Vector256.FusedMultiplyAdd(square, c, b), a);
        return Vector256.FusedMultiplyAdd(k, Vector256.Create(Ln2), Vector256.FusedMultiplyAdd(s, z * series, s + s));
    }
}
