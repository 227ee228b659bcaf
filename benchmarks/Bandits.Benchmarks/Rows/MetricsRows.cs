using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Operations;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>What it costs to be watched.</summary>
internal static class MetricsRows
{
    private const int Seed = 1;

    public static IEnumerable<Row> All()
    {
        yield return Beside("route: metrics wired, nobody listens", static traffic => new Route(traffic), isListenedTo: false, Goal.AtMost(1.1), "the same router without");
        yield return Beside("route: metrics wired, with a listener", static traffic => new Route(traffic), isListenedTo: true, Goal.AtMost(1.5), "the same router without");
        yield return Beside("route and record in turns: metrics wired, with a listener", static traffic => new RouteAndRecord(traffic), isListenedTo: true, null, "the same router without");
        yield return new TimedRow
        {
            Name = "collect all metrics of a router with 4 arms and 65,536 decisions in its ledger",
            SetUp = static () =>
            {
                WatchedRouter? watched = null;
                var traffic = new Traffic(Strategy.Learning, Seed, open: options => (watched = new WatchedRouter(options, isListenedTo: true)).Router);
                for (int i = 0; i < 1 << 16; i++) traffic.Router.TryDecide(new Request(traffic.Order[i & (Traffic.Draws - 1)]), out _);
                return new Contest(new CollectMetrics(watched!), null);
            },
        };
    }

    private static TimedRow Beside(string name, Func<Traffic, IOperation> operation, bool isListenedTo, Goal? goal, string against) => new()
    {
        Name = name,
        SetUp = () => new Contest(
            operation(new Traffic(Strategy.Learning, Seed, open: options => new WatchedRouter(options, isListenedTo).Router)), operation(new Traffic(Strategy.Learning, Seed))),
        Against = against,
        RatioGoal = goal,
        BytesGoal = Goal.AtMost(0),
    };
}
