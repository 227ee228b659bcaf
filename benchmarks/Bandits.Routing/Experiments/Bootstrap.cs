namespace Bandits.Routing.Experiments;

/// <summary>Intervals of means over few seeds.</summary>
internal static class Bootstrap
{
    private const int Draws = 2000;

    /// <summary>The 95 % percentile interval of the mean; the same for the same values.</summary>
    public static (double Low, double High) Interval(double[] values)
    {
        var random = new Random(1);
        var means = new double[Draws];
        for (int i = 0; i < Draws; i++)
        {
            double sum = 0;
            for (int j = 0; j < values.Length; j++) sum += values[random.Next(values.Length)];
            means[i] = sum / values.Length;
        }

        Array.Sort(means);
        return (means[(int)(0.025 * Draws)], means[(int)(0.975 * Draws)]);
    }
}
