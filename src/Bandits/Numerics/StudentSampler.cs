namespace Bandits.Numerics;

/// <summary>Draws from the standard Student law of given degrees of freedom; with infinitely many it is the normal law.</summary>
/// <remarks>
/// <code>
/// Source      Student (1908), The probable error of a mean, Biometrika 6(1): a normal over the root of an independent chi-squared over its degrees
/// Rule        T = Z / sqrt(2 G(nu/2) / nu);  ln G below nu = 2
/// Symbols     nu -> degrees of freedom, above 0, may be infinite
/// Cost        a normal, a gamma draw, a root; 0 B; 48 bytes
/// Departures  a magnitude beyond the greatest number, which nu &lt; 0.1 gives, becomes that number: a draw is always finite
/// Guarantee   exact up to rounding
/// </code>
/// </remarks>
internal readonly struct StudentSampler
{
    private readonly GammaSampler _halfChiSquared;
    private readonly double _halfDegrees;

    /// <param name="degrees">Degrees of freedom, above 0; infinity gives the normal law.</param>
    public StudentSampler(double degrees)
    {
        _halfDegrees = degrees / 2;
        if (!double.IsPositiveInfinity(degrees)) _halfChiSquared = new GammaSampler(_halfDegrees);
    }

    /// <summary>One draw, finite.</summary>
    public double Sample(ref RandomStream stream)
    {
        double normal = ZigguratNormal.Sample(ref stream);
        if (double.IsPositiveInfinity(_halfDegrees)) return normal;
        double root = _halfChiSquared.MayUnderflow
            ? Math.Exp(0.5 * (Math.Log(_halfDegrees) - _halfChiSquared.SampleLog(ref stream)))
            : Math.Sqrt(_halfDegrees / _halfChiSquared.SampleAtLeastOne(ref stream));
        return Math.Clamp(normal * root, double.MinValue, double.MaxValue);
    }
}
