namespace Bandits.History;

/// <summary>How tasks went in which a provider served at least one role; each task counts once per provider.</summary>
public sealed class ProviderPerformance
{
    /// <summary>The provider.</summary>
    public required string Provider { get; init; }

    /// <summary>Tasks.</summary>
    public required long TotalTasks { get; init; }

    /// <summary>Successes among all tasks.</summary>
    public required RateEstimate SuccessRate { get; init; }

    /// <summary>Average of the known costs, USD; null when none is known.</summary>
    public required double? AverageCostUsd { get; init; }

    /// <summary>Average of the known durations, seconds; null when none is known.</summary>
    public required double? AverageDurationSeconds { get; init; }
}
