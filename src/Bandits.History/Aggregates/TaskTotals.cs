using System.Runtime.CompilerServices;

namespace Bandits.History;

/// <summary>What some set of records adds up to. Sums are doubles added in log order, as the original analytics added them.</summary>
internal struct TaskTotals
{
    public long Tasks;
    public OutcomeCounts Outcomes;
    public Tally CostUsd;
    public Tally DurationSeconds;
    public long RetryCount;
    public long RetrySum;
    public long QualityGateKnown;
    public long QualityGatePassed;
    public long CodeReviewKnown;
    public long CodeReviewPassed;

    public readonly long Successes => Outcomes[(int)TaskOutcome.Success];

    public void Add(in Measured record)
    {
        Tasks++;
        Outcomes[(int)record.Outcome]++;
        if (record.CostUsd >= 0) CostUsd.Add(record.CostUsd); // false for NaN: unknown
        if (record.DurationSeconds >= 0) DurationSeconds.Add(record.DurationSeconds);
        RetryCount += record.RetryKnown;
        RetrySum += record.Retries;
        QualityGateKnown += record.QualityGateKnown;
        QualityGatePassed += record.QualityGatePassed;
        CodeReviewKnown += record.CodeReviewKnown;
        CodeReviewPassed += record.CodeReviewPassed;
    }

    [InlineArray(TaskOutcomeText.Count)]
    public struct OutcomeCounts
    {
        private long _first;
    }
}
