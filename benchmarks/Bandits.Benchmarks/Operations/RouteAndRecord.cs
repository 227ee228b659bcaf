using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Operations;

/// <summary>Whole turns in random order: decide, record, next.</summary>
internal sealed class RouteAndRecord(Traffic traffic) : IOperation
{
    public int Count => traffic.Order.Length;

    public long Run()
    {
        BanditRouter router = traffic.Router;
        SegmentKey[] order = traffic.Order;
        long sum = 0;
        for (int i = 0; i < order.Length; i++)
        {
            router.TryDecide(new Request(order[i]), out Decision decision);
            sum += (long)router.Record(decision, traffic.OutcomeOf(decision.Arm, i));
        }

        return sum;
    }
}
