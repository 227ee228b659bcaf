using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Operations;

/// <summary>One arm learns one outcome after another; as many as between two measurements of drift, so that every run has its share of them.</summary>
internal sealed class LinearUpdate(LinearTraffic traffic) : IOperation
{
    private int _next;

    public int Count => 128;

    public long Run()
    {
        for (int i = 0; i < Count; i++, _next++) traffic.Model.Learn(traffic.State, traffic.Features[_next % traffic.Features.Length], LinearTraffic.OutcomeOf(_next, 0));
        return BitConverter.DoubleToInt64Bits(traffic.State[^1]);
    }
}
