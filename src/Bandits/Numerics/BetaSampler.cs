using System.Runtime.CompilerServices;

namespace Bandits.Numerics;

/// <summary>Draws from one Beta law, with what does not depend on the draw computed once.</summary>
/// <remarks>
/// <code>
/// Source      ratio of gammas (Johnson, Kotz, Balakrishnan 1995, Continuous Univariate Distributions 2, chapter 25)
/// Rule        X = G(a) / (G(a) + G(b));  where a or b is below 1: ln X/(1-X) = ln G(a) - ln G(b)
/// Symbols     a, b -> pseudo-counts, [0.05, 1e9]
/// Cost        two gamma draws and a division; 0 B; 64 bytes
/// Departures  none; a draw that rounds to 0 or 1 becomes the nearest number inside
/// Guarantee   every draw lies in (0, 1); never NaN
/// </code>
/// </remarks>
internal readonly struct BetaSampler(double a, double b)
{
    /// <summary>Least number a draw may be: 2^-1022.</summary>
    public const double Least = 2.2250738585072014E-308;

    /// <summary>Greatest number a draw may be: 1 - 2^-53.</summary>
    public const double Most = 1 - 1.0 / (1L << 53);

    private readonly GammaSampler _of = new(a);
    private readonly GammaSampler _against = new(b);

    /// <summary>One draw, in (0, 1).</summary>
    public double Sample(ref RandomStream stream) =>
        _of.MayUnderflow || _against.MayUnderflow ? Sample(ref stream, out _) : SampleOrdinary(ref stream);

    /// <summary>The same where a and b are 1 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double SampleOrdinary(ref RandomStream stream)
    {
        double of = _of.SampleAtLeastOne(ref stream), against = _against.SampleAtLeastOne(ref stream);
        return Math.Min(of / (of + against), Most);
    }

    /// <summary>One draw x with 1 - x, both in (0, 1): the same draw as without, but what is left to 1 does not round away.</summary>
    public double Sample(ref RandomStream stream, out double complement)
    {
        if (!_of.MayUnderflow && !_against.MayUnderflow)
        {
            double of = _of.SampleAtLeastOne(ref stream), against = _against.SampleAtLeastOne(ref stream);
            complement = Math.Clamp(against / (of + against), Least, Most);
            return Math.Min(of / (of + against), Most);
        }

        double logOdds = SampleLogOdds(ref stream);
        complement = Math.Clamp(1 / (1 + Math.Exp(logOdds)), Least, Most);
        return Math.Clamp(1 / (1 + Math.Exp(-logOdds)), Least, Most);
    }

    /// <summary>ln(x / (1 - x)) of one draw x; finite.</summary>
    public double SampleLogOdds(ref RandomStream stream)
    {
        double of = _of.SampleLog(ref stream);
        return of - _against.SampleLog(ref stream);
    }
}
