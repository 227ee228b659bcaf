using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Baselines;

/// <summary>Frozen, never edit. The KL-UCB index by bisection between the mean and 1, to 1e-9.</summary>
internal sealed class BisectedKlIndex(double[] means, double[] bounds) : IOperation
{
    private const double Tolerance = 1e-9;

    public int Count => means.Length;

    public long Run()
    {
        double sum = 0;
        for (int i = 0; i < means.Length; i++) sum += Upper(means[i], bounds[i]);
        return BitConverter.DoubleToInt64Bits(sum);
    }

    private static double Upper(double mean, double bound)
    {
        double low = mean, high = 1;
        while (high - low > Tolerance)
        {
            double middle = 0.5 * (low + high);
            if (Divergence(mean, middle) > bound) high = middle;
            else low = middle;
        }

        return 0.5 * (low + high);
    }

    private static double Divergence(double p, double q) =>
        (p > 0 ? p * Math.Log(p / q) : 0) + (p < 1 ? (1 - p) * Math.Log((1 - p) / (1 - q)) : 0);
}
