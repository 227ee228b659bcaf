using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Operations;

/// <summary>Whole turns in random order: decide, record, next.</summary>
internal sealed class RouteAndRecord(Traffic traffic) : IOperation
{
    /// <summary>Turns per run.</summary>
    public const int Batch = 1024;

    private int _next;

    public int Count => Batch;

    public long Run()
    {
        BanditRouter router = traffic.Router;
        long sum = 0;
        for (int i = 0; i < Batch; i++)
        {
            router.TryDecide(new Request(traffic.Order[_next & (Traffic.Draws - 1)]), out Decision decision);
            sum += (long)router.Record(decision, traffic.OutcomeOf(decision.Arm, _next++));
        }

        return sum;
    }
}
