namespace Bandits.History;

/// <summary>The numbers of one record, in the shape in which every cell adds them.</summary>
internal readonly struct Measured(RecordParser record)
{
    public readonly TaskOutcome Outcome = record.Outcome;

    /// <summary>NaN when unknown.</summary>
    public readonly double CostUsd = record.CostUsd;

    /// <summary>NaN when unknown.</summary>
    public readonly double DurationSeconds = record.DurationSeconds;

    public readonly long RetryKnown = record.Retries >= 0 ? 1 : 0;
    public readonly long Retries = Math.Max(0, record.Retries);
    public readonly long QualityGateKnown = record.Has(RecordField.QualityGatePassed) ? 1 : 0;
    public readonly long QualityGatePassed = record.Flag(RecordField.QualityGatePassed) == true ? 1 : 0;
    public readonly long CodeReviewKnown = record.Has(RecordField.CodeReviewPassed) ? 1 : 0;
    public readonly long CodeReviewPassed = record.Flag(RecordField.CodeReviewPassed) == true ? 1 : 0;

    /// <summary>What the record teaches: its kind, its graded quality if any, its cost and its duration.</summary>
    public static Outcome Lesson(RecordParser record) => new()
    {
        Kind = record.Outcome switch
        {
            TaskOutcome.Success => OutcomeKind.Success,
            TaskOutcome.Failed => OutcomeKind.Failed,
            TaskOutcome.Partial => OutcomeKind.Partial,
            TaskOutcome.HumanReview => OutcomeKind.HumanReview,
            _ => OutcomeKind.Cancelled,
        },
        Quality = record.Reward >= 0 && record.Outcome != TaskOutcome.Cancelled ? record.Reward : null,
        CostUsd = record.CostUsd >= 0 ? record.CostUsd : null,
        Latency = record.DurationSeconds >= 0 ? TimeSpan.FromTicks((long)Math.Round(record.DurationSeconds * TimeSpan.TicksPerSecond)) : null,
    };
}
