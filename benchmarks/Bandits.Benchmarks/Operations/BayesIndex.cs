using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;
using Bandits.Numerics;

namespace Bandits.Benchmarks.Operations;

/// <summary>The Bayes-UCB index of each belief: its upper quantile, nothing computed before.</summary>
internal sealed class BayesIndex(Posteriors beliefs) : IOperation
{
    public int Count => beliefs.Tails.Length;

    public long Run()
    {
        double[] alphas = beliefs.Alphas, betas = beliefs.Betas, tails = beliefs.Tails;
        double sum = 0;
        for (int i = 0; i < tails.Length; i++) sum += new BetaTails(alphas[i], betas[i]).UpperQuantile(tails[i]).Probability;
        return BitConverter.DoubleToInt64Bits(sum);
    }
}
