using System.Runtime.CompilerServices;

namespace Bandits.Numerics;

/// <summary>Draws from the gamma law of one shape and scale 1, with what does not depend on the draw computed once.</summary>
/// <remarks>
/// <code>
/// Source      Marsaglia and Tsang (2000), A simple method for generating gamma variables, ACM Trans. Math. Software 26(3), section 6
/// Rule        v = (1 + c x)^3, x normal; accept d v where u &lt; 1 - k x^4 or ln u &lt; x^2/2 + d (1 - v + ln v);  d = a - 1/3, c = 1 / sqrt(9 d)
///             below shape 1:  ln G(a) = ln G(a + 1) + ln(u) / a
/// Symbols     a -> shape, above 0;  k -> squeeze
/// Cost        about 1.05 normals and uniforms, a logarithm in 0.07/d of draws; 0 B; 32 bytes
/// Departures  k = 0.0331 (2/3) / d instead of 0.0331 for every d. The paper's holds at d = 2/3, the least d; for x = t / c both sides of
///             1 - d A(t) &lt;= exp(d psi(t)) are equal at d = 0 and their difference is convex in d, so what holds at 2/3 holds beyond;
///             below shape 1 the power is taken in the logarithm, so that shape 0.05 does not vanish into 0
/// Guarantee   exact up to rounding
/// </code>
/// </remarks>
internal readonly struct GammaSampler
{
    /// <summary>Marsaglia and Tsang (2000), section 6, times the least d for which they show it.</summary>
    private const double Squeeze = 0.0331 * 2 / 3;

    private readonly double _d;
    private readonly double _c;
    private readonly double _squeeze;

    /// <summary>1 / shape below shape 1, else 0.</summary>
    private readonly double _boost;

    public GammaSampler(double shape)
    {
        _boost = shape < 1 ? 1 / shape : 0;
        _d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
        _c = 1 / Math.Sqrt(9 * _d);
        _squeeze = Squeeze / _d;
    }

    /// <summary>Whether the shape is below 1, so that draws may lie below the least number above 0.</summary>
    public bool MayUnderflow => _boost != 0;

    /// <summary>One draw; 0 where it lies below the least number above 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Sample(ref RandomStream stream) => _boost == 0 ? SampleAtLeastOne(ref stream) : Math.Exp(SampleLog(ref stream));

    /// <summary>The logarithm of one draw; finite for every shape.</summary>
    public double SampleLog(ref RandomStream stream)
    {
        double log = Math.Log(SampleAtLeastOne(ref stream));
        return _boost == 0 ? log : log + Math.Log(stream.NextOpenUnit()) * _boost;
    }

    /// <summary>One draw of the shape, or of shape + 1 below shape 1; above 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal double SampleAtLeastOne(ref RandomStream stream)
    {
        double x = ZigguratNormal.Sample(ref stream), u = stream.NextOpenUnit();
        double root = 1 + _c * x, square = x * x, v = root * root * root;
        if (root > 0 && u < 1 - _squeeze * (square * square)) return _d * v;
        RandomStream aside = stream; // as in ZigguratNormal
        v = SampleOutside(ref aside, x, u);
        stream = aside;
        return v;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private double SampleOutside(ref RandomStream stream, double x, double u)
    {
        while (true)
        {
            double root = 1 + _c * x, v = root * root * root;
            if (root > 0 && Math.Log(u) < 0.5 * x * x + _d * (1 - v + Math.Log(v))) return _d * v;
            x = ZigguratNormal.Sample(ref stream);
            u = stream.NextOpenUnit();
        }
    }
}
