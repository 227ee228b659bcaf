namespace Bandits.History;

/// <summary>Why a line was not accepted as a record.</summary>
public enum RejectionReason : byte
{
    /// <summary>The line was accepted.</summary>
    None = 0,

    /// <summary>The line is not well-formed JSON, or nests deeper than 64 levels.</summary>
    BrokenJson,

    /// <summary>The line is not UTF-8, or a field of the record holds an escape that is half of a surrogate pair.</summary>
    BrokenUtf8,

    /// <summary>The line is not exactly one JSON object.</summary>
    NotOneObject,

    /// <summary>A required field is missing or null.</summary>
    MissingField,

    /// <summary>A required field is the empty string.</summary>
    EmptyField,

    /// <summary>A field holds a value of the wrong JSON type.</summary>
    WrongType,

    /// <summary>The outcome is none of success, failed, partial, human_review, cancelled.</summary>
    UnknownOutcome,

    /// <summary>A duration, cost or count is below zero.</summary>
    NegativeNumber,

    /// <summary>A number is NaN, infinite, or too large for a double.</summary>
    NonFiniteNumber,

    /// <summary>A count has a fraction.</summary>
    FractionalCount,

    /// <summary>A duration, cost or count exceeds what an outcome may carry.</summary>
    NumberOutOfRange,

    /// <summary><c>metadata.reward</c> is outside [0, 1].</summary>
    RewardOutOfRange,

    /// <summary>The line is longer than 1 MiB.</summary>
    LineTooLong,
}
