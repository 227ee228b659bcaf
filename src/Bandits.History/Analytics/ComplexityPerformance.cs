namespace Bandits.History;

/// <summary>Results at one complexity.</summary>
public sealed class ComplexityPerformance
{
    /// <summary>The complexity, null for tasks whose complexity is unknown.</summary>
    public required string? Complexity { get; init; }

    /// <summary>Successes among all tasks of the complexity.</summary>
    public required RateEstimate SuccessRate { get; init; }

    /// <summary>Average of the known costs, USD; null when none is known.</summary>
    public required double? AverageCostUsd { get; init; }

    /// <summary>Average of the known durations, seconds; null when none is known.</summary>
    public required double? AverageDurationSeconds { get; init; }
}
