using Bandits.Numerics;

namespace Bandits.Statistics;

/// <summary>Whether outcomes show that an event is more frequent than it may be; may be asked after each of them.</summary>
/// <remarks>
/// <code>
/// Source      Robbins (1970), Statistical methods related to the law of the iterated logarithm, Annals of Mathematical Statistics 41 (mixtures); Ville (1939)
/// Rule        M = 1 / (1 - p) integral over q in (p, 1) of (q / p)^x ((1 - q) / (1 - p))^(n - x) dq
///               = B(x + 1, n - x + 1) (1 - I_p(x + 1, n - x + 1)) / (p^x (1 - p)^(n - x + 1));   sure once ln M >= -ln(1 - confidence)
/// Symbols     x -> exceeding, may be fractional;  n -> count, at least x;  p -> most, (0, 1)
/// Cost        one <see cref="IncompleteBeta"/> where x / n is above p, else nothing; 0 B
/// Departures  none
/// Guarantee   for independent outcomes that exceed with probability p or less, P(for some n: M >= 1 / (1 - confidence)) &lt;= 1 - confidence: each ratio under the integral is a supermartingale
/// </code>
/// </remarks>
internal static class ExceedanceTest
{
    /// <summary>ln M; 0 where it cannot be above, as no more exceed than may.</summary>
    public static double LogEvidence(double exceeding, double count, double most)
    {
        if (!(exceeding > most * count)) return 0;
        double below = Math.Max(0, count - exceeding);
        var law = new IncompleteBeta(exceeding + 1, below + 1);
        return law.LogBeta + Math.Log(Math.Max(double.Epsilon, 1 - law.At(most, 1 - most))) - exceeding * Math.Log(most) - (below + 1) * Math.Log(1 - most);
    }

    public static bool IsSure(double exceeding, double count, double most, double confidence) => LogEvidence(exceeding, count, most) >= -Math.Log(1 - confidence);
}
