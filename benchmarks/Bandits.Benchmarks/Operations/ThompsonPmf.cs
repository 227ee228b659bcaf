using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;
using Bandits.Policies;

namespace Bandits.Benchmarks.Operations;

/// <summary>The exact pmf of Thompson sampling, over a few arms at different costs at a time.</summary>
internal sealed class ThompsonPmf : IOperation
{
    /// <summary>USD from one arm's expected cost to the next arm's, of a success worth 1.</summary>
    private const double CostStep = 0.004;

    private readonly Belief[] _beliefs;
    private readonly int[] _arms;
    private readonly double[] _pmf;

    /// <param name="beliefs">A multiple of <paramref name="arms"/> of them.</param>
    /// <param name="arms">Arms of one pmf.</param>
    public ThompsonPmf(Posteriors beliefs, int arms)
    {
        _beliefs = new Belief[beliefs.Alphas.Length / arms * arms];
        for (int i = 0; i < _beliefs.Length; i++)
            _beliefs[i] = new Belief(beliefs.Alphas[i], beliefs.Betas[i], 1, -CostStep * (i % arms), beliefs.Alphas[i] + beliefs.Betas[i] - 2);
        (_arms, _pmf) = (new int[arms], new double[arms]);
        for (int i = 0; i < arms; i++) _arms[i] = i;
    }

    public int Count => _beliefs.Length / _arms.Length;

    public long Run()
    {
        double sum = 0;
        for (int i = 0; i < _beliefs.Length; i += _arms.Length)
        {
            ThompsonPolicy.Instance.TryGetPmf(new Choices(_beliefs.AsSpan(i, _arms.Length), _arms, 1000), _pmf);
            sum += _pmf[0];
        }

        return BitConverter.DoubleToInt64Bits(sum);
    }
}
