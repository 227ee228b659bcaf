using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Operations;

/// <summary>The first decision of a segment after an outcome was recorded there: beliefs are derived and the probabilities computed anew.</summary>
internal sealed class RouteAfterRecord(Traffic traffic) : IOperation
{
    private int _outcome;

    public int Count => Traffic.Segments;

    public void Prepare()
    {
        foreach (SegmentKey segment in traffic.AllSegments)
        {
            traffic.Router.TryDecide(new Request(segment), out Decision decision);
            traffic.Router.Record(decision, traffic.OutcomeOf(decision.Arm, _outcome++));
        }
    }

    public long Run()
    {
        BanditRouter router = traffic.Router;
        long sum = 0;
        foreach (SegmentKey segment in traffic.AllSegments)
        {
            router.TryDecide(new Request(segment), out Decision decision);
            sum += decision.Arm;
        }

        return sum;
    }
}
