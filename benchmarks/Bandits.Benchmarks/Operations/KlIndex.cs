using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;
using Bandits.Numerics;

namespace Bandits.Benchmarks.Operations;

/// <summary>The KL-UCB index of each belief.</summary>
internal sealed class KlIndex(Posteriors beliefs) : IOperation
{
    public int Count => beliefs.Means.Length;

    public long Run()
    {
        double[] means = beliefs.Means, bounds = beliefs.Bounds;
        double sum = 0;
        for (int i = 0; i < means.Length; i++) sum += BernoulliKl.Upper(means[i], bounds[i]).Value;
        return BitConverter.DoubleToInt64Bits(sum);
    }
}
