using Bandits.Benchmarks.Baselines;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Operations;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>What it costs that learning survives, and what threads cost each other.</summary>
internal static class DurabilityRows
{
    private const int Seed = 4;

    public static IEnumerable<Row> All()
    {
        yield return new TimedRow
        {
            Name = "record: with ledger and journal, decisions of random age over a million slots",
            SetUp = Journaled,
            Against = "one random 64-byte slot of a million and one random cell, unsynchronised",
            RatioGoal = Goal.AtMost(3),
            BytesGoal = Goal.AtMost(0),
        };
        yield return Threads("route on two threads: 256 segments", records: false, shares: false, 1.8);
        yield return Threads("route and record on two threads: 256 segments", records: true, shares: false, 1.3);
        yield return Threads("route and record on two threads: all on one segment", records: true, shares: true, 0.65);
        yield return new OpenDecisionRow { Name = "open decision: bytes in the ledger" };
        yield return new SnapshotRow { Name = "snapshot of a million cells, while a thread records" };
        yield return new RecoveryRow { Name = "recovery of a journal, per record" };
    }

    private static Contest Journaled()
    {
        int[] order = new int[RecordJournaled.Open];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        new Random(Seed).Shuffle(order);
        Outcome[] outcomes = new Traffic(Strategy.Learning, Seed).Outcomes;
        var amounts = new PlainAmounts[outcomes.Length];
        for (int i = 0; i < outcomes.Length; i++) PlainAmounts.TryOf(RecordingRows.Plain(outcomes[i]), out amounts[i]);
        return new Contest(
            new RecordJournaled(order, Seed), new PlainLedger(order, RecordJournaled.Batch, Traffic.Segments * Traffic.Arms, RecordingRows.Cells(Traffic.Draws), amounts));
    }

    private static ThreadRow Threads(string name, bool records, bool shares, double least) => new() { Name = name, Records = records, SharesSegment = shares, Least = least };
}
