using System.Numerics;

namespace Bandits.Tests.Support;

/// <summary>A real number of 300 binary digits behind the point, for references; slow, for numbers that are neither huge nor tiny against 2^-300.</summary>
internal readonly struct BigReal : IComparable<BigReal>
{
    private const int Digits = 300;
    private static readonly BigInteger One = BigInteger.One << Digits;
    private static readonly BigReal Ln2 = AtanhSeries(One / 3); // ln 2 = 2 atanh(1/3)
    private static readonly BigReal StirlingConstant = Enumerable.Range(1, 59).Aggregate(Of(0), (sum, k) => sum + Log(Of(k))) - Stirling(Of(60));
    private readonly BigInteger _scaled;

    private BigReal(BigInteger scaled) => _scaled = scaled;

    public static BigReal Of(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(x));
        int exponent = Math.Max((int)(bits >> 52), 1) - 1075 + Digits;
        BigInteger mantissa = (bits & ((1L << 52) - 1)) | (bits >> 52 == 0 ? 0 : 1L << 52);
        BigInteger scaled = exponent >= 0 ? mantissa << exponent : mantissa >> -exponent;
        return new BigReal(x < 0 ? -scaled : scaled);
    }

    public double ToDouble()
    {
        int shift = Math.Max(0, (int)_scaled.GetBitLength() - 64);
        return Math.ScaleB((double)(_scaled >> shift), shift - Digits);
    }

    public static BigReal operator +(BigReal x, BigReal y) => new(x._scaled + y._scaled);

    public static BigReal operator -(BigReal x, BigReal y) => new(x._scaled - y._scaled);

    public static BigReal operator *(BigReal x, BigReal y) => new((x._scaled * y._scaled) >> Digits);

    public static BigReal operator /(BigReal x, BigReal y) => new((x._scaled << Digits) / y._scaled);

    public static BigReal Exp(BigReal x)
    {
        int halvings = Math.Max(0, (int)(BigInteger.Abs(x._scaled).GetBitLength() - Digits)) + 8;
        BigInteger small = x._scaled >> halvings, term = One, sum = One;
        for (int k = 1; !term.IsZero && term != -1; k++)
        {
            term = ((term * small) >> Digits) / k;
            sum += term;
        }

        for (int i = 0; i < halvings; i++) sum = (sum * sum) >> Digits;
        return new BigReal(sum);
    }

    public static BigReal Log(BigReal x)
    {
        int exponent = (int)x._scaled.GetBitLength() - Digits - 1;
        BigInteger mantissa = exponent >= 0 ? x._scaled >> exponent : x._scaled << -exponent;
        return AtanhSeries(((mantissa - One) << Digits) / (mantissa + One)) + new BigReal(Ln2._scaled * exponent);
    }

    /// <summary>ln Gamma(x) to about 33 digits: Stirling's series from x &gt;= 60 on, its constant taken from Gamma(60) = 59!.</summary>
    public static BigReal LogGamma(BigReal x)
    {
        BigReal product = Of(1), least = Of(60);
        for (; x.CompareTo(least) < 0; x += Of(1)) product *= x;
        return Stirling(x) - Log(product) + StirlingConstant;
    }

    /// <summary>|actual / expected - 1|; 0 where both are 0.</summary>
    public static double RelativeError(BigReal expected, double actual) =>
        expected._scaled.IsZero ? Math.Abs(actual) : Math.Abs(((Of(actual) - expected) / expected).ToDouble());

    public int CompareTo(BigReal other) => _scaled.CompareTo(other._scaled);

    private static BigReal Stirling(BigReal x)
    {
        (long, long)[] series =
        [
            (1, 12), (-1, 360), (1, 1260), (-1, 1680), (1, 1188), (-691, 360360), (1, 156), (-3617, 122400), (43867, 244188), (-174611, 125400),
        ];
        BigReal power = Of(1) / x, square = power * power, sum = (x - Of(0.5)) * Log(x) - x;
        foreach ((long above, long below) in series)
        {
            sum += power * Of(above) / Of(below);
            power *= square;
        }

        return sum;
    }

    /// <summary>2 atanh(s).</summary>
    private static BigReal AtanhSeries(BigInteger s)
    {
        BigInteger square = (s * s) >> Digits, power = s, sum = 0;
        for (int odd = 1; !power.IsZero && power != -1; odd += 2)
        {
            sum += power / odd;
            power = (power * square) >> Digits;
        }

        return new BigReal(sum * 2);
    }
}
