namespace Bandits.Tests.Support;

/// <summary>Whether draws look like draws from a stated continuous law: the Kolmogorov-Smirnov test, with the chance of a false alarm stated.</summary>
internal static class Smirnov
{
    /// <summary>The distance is looked for at so many of the sorted draws; what lies between two of them hides at most 1 / this.</summary>
    private const int MostLooks = 4_000;

    /// <summary>Fails with chance <see cref="Goodness.FalseAlarm"/> for draws from the law (Massart 1990: P(D sqrt(n) &gt; x) &lt;= 2 exp(-2 x^2)).</summary>
    /// <param name="draws">Sorted in place.</param>
    /// <param name="distribution">The law's distribution function.</param>
    /// <param name="upTo">Draws at or beyond this are counted, but not located: where the law's own numbers round.</param>
    public static void Fits(double[] draws, Func<double, double> distribution, double upTo = double.PositiveInfinity)
    {
        Array.Sort(draws);
        double distance = 0;
        int stride = Math.Max(1, draws.Length / MostLooks);
        for (int i = 0; i < draws.Length && draws[i] < upTo; i += stride)
        {
            double expected = distribution(draws[i]);
            distance = Math.Max(distance, Math.Max((i + 1.0) / draws.Length - expected, expected - (double)i / draws.Length));
        }

        double limit = Math.Sqrt(Math.Log(2 / Goodness.FalseAlarm) / 2 / draws.Length);
        Assert.True(distance < limit, $"D = {distance:G3} over {draws.Length} draws; below {limit:G3} was to be expected.");
    }
}
