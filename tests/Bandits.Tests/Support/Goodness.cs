using MathNet.Numerics.Distributions;

namespace Bandits.Tests.Support;

/// <summary>Whether counts look like draws from a stated law: the G test (Wilks), with the chance of a false alarm stated.</summary>
internal static class Goodness
{
    public const double FalseAlarm = 1e-6;

    public static void Fits(ReadOnlySpan<long> observed, ReadOnlySpan<double> probabilities)
    {
        long total = 0;
        foreach (long count in observed) total += count;
        double statistic = 0, rareExpected = 0;
        long rare = 0;
        int cells = 0;
        for (int i = 0; i < observed.Length; i++)
        {
            double expected = probabilities[i] * total;
            if (expected == 0) Assert.Equal(0, observed[i]);
            else if (expected < 5) (rare, rareExpected) = (rare + observed[i], rareExpected + expected);
            else
            {
                statistic += Term(observed[i], expected);
                cells++;
            }
        }

        if (rareExpected >= 5)
        {
            statistic += Term(rare, rareExpected);
            cells++;
        }

        if (cells < 2) return;
        double limit = ChiSquared.InvCDF(cells - 1, 1 - FalseAlarm);
        Assert.True(statistic < limit, $"G = {statistic:F1} over {cells} cells; below {limit:F1} was to be expected.");
    }

    private static double Term(long observed, double expected) => observed == 0 ? 0 : 2 * observed * Math.Log(observed / expected);
}
