using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Operations;

/// <summary>Decides by Thompson sampling, and records each outcome if asked to.</summary>
internal sealed class RouteSampling(SamplingTraffic traffic, bool records) : IOperation
{
    private const int Batch = 1024;
    private int _next;

    public int Count => Batch;

    public long Run()
    {
        BanditRouter router = traffic.Router;
        long sum = 0;
        for (int i = 0; i < Batch; i++)
        {
            router.TryDecide(default, out Decision decision);
            sum += decision.Arm;
            if (records) sum += (long)router.Record(decision, traffic.OutcomeOf(decision.Arm, _next++));
        }

        return sum;
    }
}
