using System.Runtime.CompilerServices;

namespace Bandits.History;

/// <summary>What some set of records adds up to. Sums are doubles added in log order, as the original analytics added them.</summary>
internal struct TaskTotals
{
    public long Tasks;
    public OutcomeCounts Outcomes;
    public Tally CostUsd;
    public Tally DurationSeconds;

    public readonly long Successes => Outcomes[(int)TaskOutcome.Success];

    public readonly long Failures => Outcomes[(int)TaskOutcome.Failed];

    public void Add(in Measured record)
    {
        Tasks++;
        Outcomes[(int)record.Outcome]++;
        CostUsd.Add(record.CostUsd);
        DurationSeconds.Add(record.DurationSeconds);
    }

    [InlineArray(TaskOutcomeText.Count)]
    public struct OutcomeCounts
    {
        private long _first;
    }
}
