namespace Bandits.History;

/// <summary>How a logged task ended; the text in the log is given with each member.</summary>
public enum TaskOutcome : byte
{
    /// <summary><c>success</c>: teaches <see cref="OutcomeKind.Success"/>.</summary>
    Success = 0,

    /// <summary><c>failed</c>: teaches <see cref="OutcomeKind.Failed"/>.</summary>
    Failed = 1,

    /// <summary><c>partial</c>: teaches <see cref="OutcomeKind.Partial"/>; its quality is the reward, else unknown.</summary>
    Partial = 2,

    /// <summary><c>human_review</c>: teaches <see cref="OutcomeKind.HumanReview"/>; its quality is the reward, else pending.</summary>
    HumanReview = 3,

    /// <summary><c>cancelled</c>: teaches <see cref="OutcomeKind.Cancelled"/>, which says nothing of quality, even with a reward.</summary>
    Cancelled = 4,
}
