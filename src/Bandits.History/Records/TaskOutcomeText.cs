namespace Bandits.History;

/// <summary>The five outcome texts of the log and back.</summary>
internal static class TaskOutcomeText
{
    public const int Count = 5;

    public static bool TryParse(ReadOnlySpan<byte> text, out TaskOutcome outcome)
    {
        outcome = default;
        switch (text.Length)
        {
            case 7 when text.SequenceEqual("success"u8): outcome = TaskOutcome.Success; return true;
            case 7 when text.SequenceEqual("partial"u8): outcome = TaskOutcome.Partial; return true;
            case 6 when text.SequenceEqual("failed"u8): outcome = TaskOutcome.Failed; return true;
            case 12 when text.SequenceEqual("human_review"u8): outcome = TaskOutcome.HumanReview; return true;
            case 9 when text.SequenceEqual("cancelled"u8): outcome = TaskOutcome.Cancelled; return true;
            default: return false;
        }
    }

    public static ReadOnlySpan<byte> Of(TaskOutcome outcome) => outcome switch
    {
        TaskOutcome.Success => "success"u8,
        TaskOutcome.Failed => "failed"u8,
        TaskOutcome.Partial => "partial"u8,
        TaskOutcome.HumanReview => "human_review"u8,
        TaskOutcome.Cancelled => "cancelled"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "The outcome must be a defined TaskOutcome."),
    };
}
