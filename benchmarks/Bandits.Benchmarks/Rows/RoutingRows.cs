using Bandits.Benchmarks.Baselines;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Operations;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>Deciding.</summary>
internal static class RoutingRows
{
    private const int Seed = 1;

    public static IEnumerable<Row> All()
    {
        yield return new TimedRow
        {
            Name = "route: learning, 4 arms, 256 segments in random order, with id, propensity and a consistent copy",
            SetUp = static () =>
            {
                var traffic = new Traffic(Strategy.Learning, Seed);
                ulong[] keys = SpreadKeys.Of(Traffic.Segments, Seed);
                return new Contest(new Route(traffic), new DictionaryLookup(keys, SpreadKeys.InOrder(keys, traffic.Numbers)));
            },
            Against = "one `Dictionary<ulong, int>` lookup in the same order",
            RatioGoal = Goal.AtMost(4),
            BytesGoal = Goal.AtMost(0),
        };
        foreach (Strategy strategy in Enum.GetValues<Strategy>())
            yield return Alone($"route: {Word(strategy)}, nothing recorded in between", strategy, static traffic => new Route(traffic));
        foreach (Strategy strategy in Enum.GetValues<Strategy>())
            yield return Alone($"route: {Word(strategy)}, right after an outcome in the same segment", strategy, static traffic => new RouteAfterRecord(traffic));
        yield return new TimedRow
        {
            Name = "route: learning, right after an outcome, arms that no evidence can tell apart",
            SetUp = static () => new Contest(new RouteAfterRecord(new Traffic(Strategy.Learning, Seed, isTie: true)), null),
            BytesGoal = Goal.AtMost(0),
        };
        yield return Alone("route: learning, four constraints", Strategy.Learning, static traffic => new RouteConstrained(traffic));
        yield return Alone("route and record in turns: learning", Strategy.Learning, static traffic => new RouteAndRecord(traffic));
    }

    private static TimedRow Alone(string name, Strategy strategy, Func<Traffic, IOperation> operation) => new()
    {
        Name = name,
        SetUp = () => new Contest(operation(new Traffic(strategy, Seed)), null),

        // Change detectors keep a longer past as outcomes come, by doubling up to a bound: until then a few bytes an outcome.
        BytesGoal = strategy == Strategy.AdaptiveDrift ? null : Goal.AtMost(0),
    };

    private static string Word(Strategy strategy) => strategy == Strategy.AdaptiveDrift ? "adaptive-drift" : strategy.ToString().ToLowerInvariant();
}
