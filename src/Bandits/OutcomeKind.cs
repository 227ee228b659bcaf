namespace Bandits;

/// <summary>What became of a decision. What each kind teaches is the table in <see cref="Outcome"/>.</summary>
public enum OutcomeKind : byte
{
    /// <summary>The task succeeded: quality 1 unless a grade is given.</summary>
    Success = 0,

    /// <summary>The task failed on its merits: quality 0 unless a grade is given.</summary>
    Failed = 1,

    /// <summary>Partly done: quality is the grade given; without one it stays unknown.</summary>
    Partial = 2,

    /// <summary>A human must judge: quality is pending and comes with a later revision.</summary>
    HumanReview = 3,

    /// <summary>Cancelled by the caller: says nothing of quality, is counted per arm.</summary>
    Cancelled = 4,

    /// <summary>The arm refused or could not be reached (429, 5xx): says nothing of quality, availability is down.</summary>
    Unavailable = 5,

    /// <summary>No answer within the limit: availability is down, latency, given in the same outcome, is right-censored at the limit.</summary>
    Timeout = 6,

    /// <summary>No outcome ever came. Provisional: any real outcome supersedes it.</summary>
    Expired = 7,
}
