using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Operations;

/// <summary>Reads all instruments of a router.</summary>
internal sealed class CollectMetrics(WatchedRouter watched) : IOperation
{
    public int Count => 16;

    public long Run()
    {
        for (int i = 0; i < Count; i++) watched.Collect();
        return BitConverter.DoubleToInt64Bits(watched.Heard);
    }
}
