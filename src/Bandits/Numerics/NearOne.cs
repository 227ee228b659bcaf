namespace Bandits.Numerics;

/// <summary>Logarithm and exponential where the argument or the value lies near 1, without losing digits to the 1.</summary>
/// <remarks>
/// <code>
/// Source      Kahan (1987), Branch cuts for complex elementary functions, for ln(1 + x); series elsewhere (DLMF 4.6.4 and 4.2.19)
/// Rule        ln(1 + x) = ln(w) x / (w - 1), w = 1 + x rounded;  x - ln(1 + x) = s x - 2 s^3 (1/3 + s^2/5 + ...), s = x / (2 + x);
///             e^-u - 1 + u = u^2 (1/2! - u/3! + u^2/4! - ...)
/// Cost        one logarithm or exponential, or a polynomial of a dozen terms; 0 B
/// Departures  none
/// Guarantee   relative error of order 1e-15, of x - ln(1 + x) and e^-u - 1 + u too, tested against a 90-digit reference
/// </code>
/// The base library's LogP1 and ExpM1 add the 1 first.
/// </remarks>
internal static class NearOne
{
    /// <summary>Beyond these x - ln(1 + x) loses less than a digit when subtracted; between them s^2 is at most 0.045 and eleven terms suffice.</summary>
    private const double MostForSeries = 0.5;

    private const double LeastForSeries = -0.35;

    /// <summary>Up to it twelve terms of the exponential series reach full precision: 0.4^12 2/14! = 4e-16.</summary>
    private const double SmallExponent = 0.4;

    /// <summary>ln(1 + x) for x above -1.</summary>
    public static double Log1p(double x)
    {
        double rounded = 1 + x;
        return rounded == 1 ? x : double.IsPositiveInfinity(rounded) ? rounded : Math.Log(rounded) * (x / (rounded - 1));
    }

    /// <summary>e^x - 1.</summary>
    public static double Expm1(double x) => Math.Abs(x) < SmallExponent ? x + x * x * ExponentialTail(x) : Math.Exp(x) - 1;

    /// <summary>x - ln(1 + x), not below 0, for x above -1.</summary>
    public static double LogShortfall(double x)
    {
        if (x is > MostForSeries or < LeastForSeries) return x - Math.Log(1 + x);
        double s = x / (2 + x), z = s * s, square = z * z, fourth = square * square;
        double low = 1.0 / 3 + z * (1.0 / 5) + square * (1.0 / 7 + z * (1.0 / 9));
        double middle = 1.0 / 11 + z * (1.0 / 13) + square * (1.0 / 15 + z * (1.0 / 17));
        double high = 1.0 / 19 + z * (1.0 / 21) + square * (1.0 / 23);
        return s * (x - 2 * z * (low + fourth * (middle + fourth * high)));
    }

    /// <summary>e^-u - 1 + u, not below 0 for u of either sign.</summary>
    public static double ExponentialExcess(double u) => Math.Abs(u) < SmallExponent ? u * u * ExponentialTail(-u) : Math.Exp(-u) - 1 + u;

    /// <summary>(e^x - 1 - x) / x^2 by its series, pairs first.</summary>
    private static double ExponentialTail(double x)
    {
        double square = x * x, fourth = square * square;
        double low = 1.0 / 2 + x * (1.0 / 6) + square * (1.0 / 24 + x * (1.0 / 120));
        double middle = 1.0 / 720 + x * (1.0 / 5040) + square * (1.0 / 40320 + x * (1.0 / 362880));
        double high = 1.0 / 3628800 + x * (1.0 / 39916800) + square * (1.0 / 479001600 + x * (1.0 / 6227020800));
        return low + fourth * (middle + fourth * high);
    }
}
