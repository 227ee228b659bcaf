using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Operations;

/// <summary>Decides for segments in random order while nothing is recorded.</summary>
internal sealed class Route(Traffic traffic) : IOperation
{
    public int Count => traffic.Order.Length;

    public long Run()
    {
        BanditRouter router = traffic.Router;
        long sum = 0;
        foreach (SegmentKey segment in traffic.Order)
        {
            router.TryDecide(new Request(segment), out Decision decision);
            sum += decision.Arm;
        }

        return sum;
    }
}
