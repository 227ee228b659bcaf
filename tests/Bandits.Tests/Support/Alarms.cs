using MathNet.Numerics.Distributions;

namespace Bandits.Tests.Support;

/// <summary>How many false alarms chance allows.</summary>
internal static class Alarms
{
    /// <summary>
    /// The number that a binomial law with chance <paramref name="delta"/> exceeds with probability at most <see cref="Goodness.FalseAlarm"/>.
    /// </summary>
    public static int Most(int runs, double delta)
    {
        int most = 0;
        while (Binomial.CDF(delta, runs, most) < 1 - Goodness.FalseAlarm) most++;
        return most;
    }
}
