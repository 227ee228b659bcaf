namespace Bandits.Numerics;

/// <summary>Draws from the exponential law of mean 1 and from the Gumbel law that is made of it.</summary>
/// <remarks>
/// <code>
/// Source      inversion; Gumbel (1958), Statistics of Extremes, section 5.2
/// Rule        E = -ln(u);  G = -ln(E)
/// Symbols     u -> (0, 1), open at both ends
/// Cost        one or two logarithms; 0 B
/// Departures  none; u is an odd multiple of 2^-53, so E lies in [1.1e-16, 36.8] and G is finite
/// Guarantee   exact up to that grid
/// </code>
/// </remarks>
internal static class ExponentialSampler
{
    /// <summary>A draw of mean 1.</summary>
    public static double Sample(ref RandomStream stream) => -Math.Log(stream.NextOpenUnit());

    /// <summary>A draw from the standard Gumbel law: location 0, scale 1.</summary>
    public static double SampleGumbel(ref RandomStream stream) => -Math.Log(Sample(ref stream));
}
