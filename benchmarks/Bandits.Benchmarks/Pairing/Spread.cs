namespace Bandits.Benchmarks.Pairing;

/// <summary>A sample's median with its quartiles and an interval for the median.</summary>
/// <remarks>
/// The interval is the sign test's, free of any assumption on the distribution: the order statistics at n/2 -+ 1.96 sqrt(n)/2 cover the
/// median with 95 % (normal approximation of the binomial). It speaks of the pairs of this run on this machine, not of other machines.
/// </remarks>
internal sealed record Spread(double Median, double LowerQuartile, double UpperQuartile, double Low, double High, int Count)
{
    /// <summary>97.5 % point of the normal distribution.</summary>
    private const double Z = 1.96;

    public static Spread Of(ReadOnlySpan<double> sample)
    {
        double[] sorted = sample.ToArray();
        Array.Sort(sorted);
        double reach = Z * Math.Sqrt(sorted.Length) / 2, middle = sorted.Length / 2.0;
        int low = Math.Max(0, (int)Math.Floor(middle - reach) - 1), high = Math.Min(sorted.Length - 1, (int)Math.Ceiling(middle + reach));
        return new Spread(At(sorted, 0.5), At(sorted, 0.25), At(sorted, 0.75), sorted[low], sorted[high], sorted.Length);
    }

    /// <summary>The spread of the reciprocals, for ratios that are read the other way round.</summary>
    public Spread Inverse() => new(1 / Median, 1 / UpperQuartile, 1 / LowerQuartile, 1 / High, 1 / Low, Count);

    /// <summary>Linear interpolation between order statistics (Hyndman and Fan 1996, type 7).</summary>
    private static double At(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + (position - below) * (above - sorted[below]);
    }
}
