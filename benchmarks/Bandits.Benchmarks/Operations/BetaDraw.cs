using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;
using Bandits.Numerics;

namespace Bandits.Benchmarks.Operations;

/// <summary>One draw from each belief, what does not depend on the draw computed before.</summary>
internal sealed class BetaDraw : IOperation
{
    private readonly BetaSampler[] _samplers;
    private RandomStream _stream = new(11UL);

    public BetaDraw(Posteriors beliefs)
    {
        _samplers = new BetaSampler[beliefs.Alphas.Length];
        for (int i = 0; i < _samplers.Length; i++) _samplers[i] = new BetaSampler(beliefs.Alphas[i], beliefs.Betas[i]);
    }

    public int Count => _samplers.Length;

    public long Run()
    {
        BetaSampler[] samplers = _samplers;
        RandomStream stream = _stream;
        double sum = 0;
        for (int i = 0; i < samplers.Length; i++) sum += samplers[i].Sample(ref stream);
        _stream = stream;
        return BitConverter.DoubleToInt64Bits(sum);
    }
}
