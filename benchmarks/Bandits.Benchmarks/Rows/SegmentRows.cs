using Bandits.Benchmarks.Baselines;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Operations;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>Finding a segment.</summary>
internal static class SegmentRows
{
    private const int Seed = 2;

    public static IEnumerable<Row> All()
    {
        yield return new TimedRow
        {
            Name = "segment lookup, 256 segments in random order",
            SetUp = SpreadDictionary,
            Against = "one `Dictionary<ulong, int>` lookup, keys without collisions",
            RatioGoal = Goal.AtMost(0.5),
            BytesGoal = Goal.AtMost(0),
        };
        yield return new TimedRow
        {
            Name = "segment lookup, the dictionary keyed by the same packed keys",
            SetUp = static () => Of(static find => find.Keys),
            Against = "one `Dictionary<ulong, int>` lookup, whose hash folds packed keys together",
            BytesGoal = Goal.AtMost(0),
        };
    }

    public static Contest SpreadDictionary() => Of(static _ => SpreadKeys.Of(Traffic.Segments, Seed));

    private static Contest Of(Func<SegmentFind, ulong[]> dictionaryKeys)
    {
        var random = new Random(Seed);
        var numbers = new int[Traffic.Draws];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = random.Next(Traffic.Segments);
        var values = new string[Traffic.Segments][];
        for (int s = 0; s < values.Length; s++) values[s] = [$"role {s & 3}", $"area {(s >> 2) & 3}", $"risk {(s >> 4) & 3}", $"complexity {s >> 6}"];
        var find = new SegmentFind(values, numbers);
        ulong[] keys = dictionaryKeys(find);
        return new Contest(find, new DictionaryLookup(keys, SpreadKeys.InOrder(keys, numbers)));
    }
}
