namespace Bandits.History;

/// <summary>One executed task, as the log has it. Null means unknown, never zero.</summary>
/// <remarks>Immutable. Equality compares the fields as they are; what makes two records the same in a history is the format's identity.</remarks>
public sealed record ExecutionRecord
{
    /// <summary>Task identifier, not empty.</summary>
    public required string TaskId { get; init; }

    /// <summary>Task area (core, api, docs, ...), not empty.</summary>
    public required string TaskArea { get; init; }

    /// <summary>Task risk (low, medium, high, ...), not empty.</summary>
    public required string TaskRisk { get; init; }

    /// <summary>Task complexity.</summary>
    public string? TaskComplexity { get; init; }

    /// <summary>Model that planned.</summary>
    public string? PlannerModel { get; init; }

    /// <summary>The planner's provider.</summary>
    public string? PlannerProvider { get; init; }

    /// <summary>Model that implemented, not empty.</summary>
    public required string ImplementerModel { get; init; }

    /// <summary>The implementer's provider.</summary>
    public string? ImplementerProvider { get; init; }

    /// <summary>How the task ended.</summary>
    public required TaskOutcome Outcome { get; init; }

    /// <summary>Duration in seconds, zero to 365 days.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>Cost of the whole task in USD, zero to 1e6.</summary>
    public double? TotalCostUsd { get; init; }

    /// <summary>Number of implementation steps.</summary>
    public int? NumSteps { get; init; }

    /// <summary>Number of retries.</summary>
    public int? NumRetries { get; init; }

    /// <summary>Whether the quality gate passed.</summary>
    public bool? QualityGatePassed { get; init; }

    /// <summary>Whether code review passed.</summary>
    public bool? CodeReviewPassed { get; init; }

    /// <summary>Whether plan review passed.</summary>
    public bool? PlanReviewPassed { get; init; }

    /// <summary>Kind of error.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Error message.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Step that failed.</summary>
    public string? FailedStep { get; init; }

    /// <summary>When the task started, as written: ISO 8601, UTC when no zone is given.</summary>
    public string? StartedAt { get; init; }

    /// <summary>When the task was completed, as written: ISO 8601, UTC when no zone is given.</summary>
    public string? CompletedAt { get; init; }

    /// <summary>Anything else, a JSON object as written; its member <c>reward</c>, if any, is <see cref="Reward"/>.</summary>
    public string? MetadataJson { get; init; }

    /// <summary>Graded quality in [0, 1] read from the metadata, or null. To give one, put <c>reward</c> into <see cref="MetadataJson"/>.</summary>
    public double? Reward { get; internal init; }
}
