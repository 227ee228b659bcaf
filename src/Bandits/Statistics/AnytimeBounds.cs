using Bandits.Numerics;

namespace Bandits.Statistics;

/// <summary>Bounds on the mean of quality that hold at every number of outcomes at once, so that they may be looked at after each.</summary>
/// <remarks>
/// <code>
/// Source      Robbins (1970), Statistical methods related to the law of the iterated logarithm, Annals of Mathematical Statistics 41 (mixtures);
///             for observations in [0, 1]: Hoeffding (1963), JASA 58, equation 4.1, by which the Bernoulli likelihood ratio stays a supermartingale
/// Rule        n kl(m, mu) &lt;= ln((n + 1) / delta);   kl(m, mu) = m ln(m / mu) + (1 - m) ln((1 - m) / (1 - mu))
/// Why         the likelihood ratio mixed over uniform q is (integral of q^S (1-q)^(n-S) dq) / (mu^S (1-mu)^(n-S)), exceeds 1 / delta with probability at
///             most
///             delta at any time (Ville), and is at least exp(n kl(m, mu)) / (n + 1), because the n-th root of the integrand is concave: a tent below it has
///             that integral
/// Symbols     n -> count;  m = S / n -> mean, [0, 1];  delta -> failure, (0, 1)
/// Cost        one <see cref="BernoulliKl"/> bound each side; 0 B
/// Departures  the closed form instead of the mixture itself, wider by at most ln((n + 1) / sqrt(n)) in the exponent
/// Guarantee   P(for some n: mu outside [lower, upper]) &lt;= delta, for independent observations in [0, 1] of mean mu
/// </code>
/// </remarks>
internal static class AnytimeBounds
{
    /// <summary>The bounds.</summary>
    public static (double Lower, double Upper) Of(long count, double mean, double failure)
    {
        if (count == 0) return (0, 1);
        double radius = Math.Log((count + 1) / failure) / count;
        return (BernoulliKl.Lower(mean, radius), BernoulliKl.Upper(mean, radius).Value);
    }
}
