using MathNet.Numerics;

namespace Bandits.Numerics;

/// <summary>Tails, density and quantiles of the standard Student law; with infinitely many degrees of freedom it is the normal law.</summary>
/// <remarks>
/// <code>
/// Source      Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions 2, section 28.2; Abramowitz and Stegun (1964), 26.2.14 (the
///             normal law's continued fraction), 26.2.23 (start of its quantile)
/// Rule        P(T &gt; t) = P(X &lt;= nu / (nu + t^2)) / 2 for t &gt;= 0, X of Beta(nu/2, 1/2);  ln f = -ln(sqrt(nu) B(nu/2, 1/2)) - (nu+1)/2 ln(1 + t^2/nu)
///             normal: f(t) / P(Z &gt; t) = t + 1/(t + 2/(t + 3/(t + ...)));  quantile by third-order steps on ln P, h' = h (h - t)
/// Symbols     nu -> degrees, above 0, may be infinite;  t -> any;  tail -> (0, 1)
/// Cost        one Beta tail, a quantile two or three; 0 B
/// Departures  beyond 1e17 degrees the normal law is taken: ln P differs by less than t^4 / (4 nu)
/// Guarantee   relative error of a tail below 1e-9, tested against closed forms, the normal law and MathNet
/// </code>
/// </remarks>
internal readonly struct StudentLaw
{
    private const double NormalFrom = 1e17;
    private const double HalfLogTwoPi = 0.91893853320467274;
    private const double HalfRoot = 0.70710678118654752;
    private const double Ln2 = 0.69314718055994531;

    /// <summary>From here on the continued fraction has converged at its sixtieth term.</summary>
    private const double FarOut = 5;

    private const int FractionTerms = 60;
    /// <summary>A step of third order, in units of the tail's own width, below which the next would change the tail by less than 1e-11.</summary>
    private const double LastStep = 1e-3;


    /// <summary>Beyond it 1 + t^2/nu is t^2/nu.</summary>
    private const double SquareOverflows = 1e100;

    private readonly double _degrees;
    private readonly double _logDegrees;
    private readonly BetaTails _share;
    private readonly double _logPeak;

    /// <param name="degrees">Degrees of freedom, above 0; infinity gives the normal law.</param>
    public StudentLaw(double degrees)
    {
        _degrees = degrees;
        if (IsNormal)
        {
            _logPeak = -HalfLogTwoPi;
            return;
        }

        _logDegrees = Math.Log(degrees);
        _share = new BetaTails(degrees / 2, 0.5);
        _logPeak = -0.5 * _logDegrees - _share.LogBeta;
    }

    private bool IsNormal => _degrees >= NormalFrom;

    /// <summary>P(T &lt;= t).</summary>
    public double At(double t) => Survival(-t);

    /// <summary>P(T &gt; t).</summary>
    public double Survival(double t) => t < 0 ? 1 - Math.Exp(LogUpper(-t)) : Math.Exp(LogUpper(t));

    /// <summary>ln P(T &gt; t), finite for every finite t.</summary>
    public double LogSurvival(double t) => t < 0 ? NearOne.Log1p(-Math.Exp(LogUpper(-t))) : LogUpper(t);

    /// <summary>ln P(T &lt;= t).</summary>
    public double LogAt(double t) => LogSurvival(-t);

    /// <summary>ln of the density.</summary>
    public double LogDensity(double t)
    {
        if (IsNormal) return _logPeak - 0.5 * t * t;
        double ratio = Math.Abs(t) / Math.Sqrt(_degrees);
        return _logPeak - 0.5 * (_degrees + 1) * (ratio > SquareOverflows ? 2 * Math.Log(ratio) : NearOne.Log1p(ratio * ratio));
    }

    /// <summary>What a draw exceeds with probability <paramref name="tail"/>, in (0, 1); infinite where it lies beyond the greatest number.</summary>
    public double UpperQuantile(double tail)
    {
        if (tail > 0.5) return -UpperQuantile(1 - tail);
        if (tail == 0.5) return 0;
        return IsNormal ? NormalQuantile(tail) : Math.Exp(0.5 * (_logDegrees - _share.LowerQuantile(2 * tail).Value));
    }

    /// <summary>What a draw stays below with probability <paramref name="tail"/>, in (0, 1).</summary>
    public double LowerQuantile(double tail) => -UpperQuantile(tail);

    /// <summary>ln P(T &gt; t) for t &gt;= 0.</summary>
    private double LogUpper(double t)
    {
        if (t == 0) return -Ln2;
        if (!IsNormal) return _share.LogAt(_logDegrees - 2 * Math.Log(t)) - Ln2;
        return t < FarOut ? Math.Log(0.5 * SpecialFunctions.Erfc(t * HalfRoot)) : -HalfLogTwoPi - 0.5 * t * t - Math.Log(FarHazard(t));
    }

    private static double NormalQuantile(double tail)
    {
        StudentLaw normal = new(double.PositiveInfinity);
        double logTail = Math.Log(tail), root = Math.Sqrt(-2 * logTail);
        double t = root - (2.515517 + root * (0.802853 + root * 0.010328)) / (1 + root * (1.432788 + root * (0.189269 + root * 0.001308)));
        double step;
        do
        {
            double logUpper = normal.LogSurvival(t), hazard = Math.Exp(normal.LogDensity(t) - logUpper);
            double newton = (logTail - logUpper) / hazard, bend = hazard - t;
            double third = bend * bend + hazard * bend - 1;
            step = newton * (1 - 0.5 * bend * newton) / (1 - bend * newton + third * newton * newton / 6);
            t -= step;
        }
        while (Math.Abs(step) * (t + 1) > LastStep); // the hazard is at most t + 1

        return t;
    }

    private static double FarHazard(double t)
    {
        double hazard = t;
        for (int k = FractionTerms; k >= 1; k--) hazard = t + k / hazard;
        return hazard;
    }
}
