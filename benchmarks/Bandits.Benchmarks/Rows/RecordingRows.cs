using Bandits.Benchmarks.Baselines;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Operations;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>Recording an outcome.</summary>
internal static class RecordingRows
{
    private const int Seed = 3;

    public static IEnumerable<Row> All()
    {
        yield return new TimedRow
        {
            Name = "record: the update of evidence, consistent for concurrent readers",
            SetUp = Update,
            Against = "the same integer update without synchronisation",
            RatioGoal = Goal.AtMost(2),
            BytesGoal = Goal.AtMost(0),
        };
        yield return new TimedRow
        {
            Name = "record: the whole public call, with identity, revisions, exactly-once and roll-up",
            SetUp = WholeCall,
            Against = "the same outcome checked, quantised and added without synchronisation, identity or roll-up",
            RatioGoal = Goal.AtMost(2),
            BytesGoal = Goal.AtMost(0),
        };
    }

    /// <summary>The cell alone.</summary>
    public static Contest Update()
    {
        Outcome[] outcomes = new Traffic(Strategy.Learning, Seed).Outcomes;
        var amounts = new PlainAmounts[outcomes.Length];
        for (int i = 0; i < outcomes.Length; i++) PlainAmounts.TryOf(Plain(outcomes[i]), out amounts[i]);
        uint[] cells = Cells(Traffic.Draws);
        return new Contest(new GuardedUpdate(Traffic.Segments, cells, outcomes), new PlainUpdate(Traffic.Segments * Traffic.Arms, cells, amounts));
    }

    /// <summary>From the outcome on.</summary>
    public static Contest WholeCall()
    {
        var traffic = new Traffic(Strategy.Learning, Seed);
        var outcomes = new PlainOutcome[traffic.Outcomes.Length];
        for (int i = 0; i < outcomes.Length; i++) outcomes[i] = Plain(traffic.Outcomes[i]);
        return new Contest(new Record(traffic), new PlainRecord(Traffic.Segments * Traffic.Arms, Cells(Record.Batch), outcomes));
    }

    public static PlainOutcome Plain(in Outcome outcome) => new()
    {
        Kind = (int?)outcome.Kind,
        Quality = outcome.Quality,
        CostUsd = outcome.CostUsd,
        Latency = outcome.Latency,
    };

    public static uint[] Cells(int count)
    {
        var random = new Random(Seed);
        var cells = new uint[count];
        for (int i = 0; i < count; i++) cells[i] = (uint)random.Next(Traffic.Segments * Traffic.Arms);
        return cells;
    }
}
