using Bandits.Benchmarks.Pairing;
using MathNet.Numerics.Distributions;

namespace Bandits.Benchmarks.Baselines;

/// <summary>
/// Frozen, never edit. MathNet's <see cref="Beta.InvCDF"/> at 1 - tail; it attains the tail to 1e-7 of it over such beliefs, the tails being 1e-4 or so.
/// </summary>
internal sealed class LibraryBetaQuantile(double[] alphas, double[] betas, double[] tails) : IOperation
{
    public int Count => tails.Length;

    public long Run()
    {
        double sum = 0;
        for (int i = 0; i < tails.Length; i++) sum += Beta.InvCDF(alphas[i], betas[i], 1 - tails[i]);
        return BitConverter.DoubleToInt64Bits(sum);
    }
}
