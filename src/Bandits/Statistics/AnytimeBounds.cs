namespace Bandits.Statistics;

/// <summary>Bounds on the mean of quality that hold at every number of outcomes at once, so that they may be looked at after each.</summary>
/// <remarks>
/// <code>
/// Source      Robbins (1970), Statistical methods related to the law of the iterated logarithm, Annals of Mathematical Statistics 41 (mixtures);
///             for observations in [0, 1]: Hoeffding (1963), JASA 58, equation 4.1, by which the Bernoulli likelihood ratio stays a supermartingale
/// Rule        n kl(m, mu) &lt;= ln((n + 1) / delta);   kl(m, mu) = m ln(m / mu) + (1 - m) ln((1 - m) / (1 - mu))
/// Why         the likelihood ratio mixed over uniform q is (integral of q^S (1-q)^(n-S) dq) / (mu^S (1-mu)^(n-S)), exceeds 1 / delta with probability at most
///             delta at any time (Ville), and is at least exp(n kl(m, mu)) / (n + 1), because the n-th root of the integrand is concave: a tent below it has that integral
/// Symbols     n -> count;  m = S / n -> mean, [0, 1];  delta -> failure, (0, 1)
/// Cost        one bisection a bound: 48 steps, two logarithms each; 0 B
/// Departures  the closed form instead of the mixture itself, wider by at most ln((n + 1) / sqrt(n)) in the exponent
/// Guarantee   P(for some n: mu outside [lower, upper]) &lt;= delta, for independent observations in [0, 1] of mean mu
/// </code>
/// </remarks>
internal static class AnytimeBounds
{
    /// <summary>Halves the unit interval to 2^-48, 4e-15.</summary>
    private const int Bisections = 48;

    /// <summary>The bounds; each rounded outwards.</summary>
    public static (double Lower, double Upper) Of(long count, double mean, double failure)
    {
        if (count == 0) return (0, 1);
        double radius = Math.Log((count + 1) / failure) / count;
        return (Below(mean, radius), 1 - Below(1 - mean, radius));
    }

    /// <summary>kl of two Bernoulli means, in nats.</summary>
    public static double Divergence(double m, double mu) =>
        (m > 0 ? m * Math.Log(m / mu) : 0) + (m < 1 ? (1 - m) * Math.Log((1 - m) / (1 - mu)) : 0);

    /// <summary>The largest number found that is below every mu &lt;= m with kl(m, mu) &lt;= radius.</summary>
    private static double Below(double m, double radius)
    {
        double outside = 0, inside = m;
        for (int i = 0; i < Bisections; i++)
        {
            double middle = (outside + inside) / 2;
            if (Divergence(m, middle) > radius) outside = middle;
            else inside = middle;
        }

        return outside;
    }
}
