namespace Bandits.History;

/// <summary>How one model did in one role, or in any.</summary>
public sealed class ModelPerformance
{
    /// <summary>The model.</summary>
    public required string ModelId { get; init; }

    /// <summary>The model's own provider, null when the log does not say.</summary>
    public required string? Provider { get; init; }

    /// <summary>The role asked for; for <see cref="HistoryRole.Any"/> the one it had more often, planner when even.</summary>
    public required HistoryRole Role { get; init; }

    /// <summary>Tasks in which it had the role.</summary>
    public required long TotalTasks { get; init; }

    /// <summary>Of these, succeeded.</summary>
    public required long SuccessfulTasks { get; init; }

    /// <summary>Of these, failed.</summary>
    public required long FailedTasks { get; init; }

    /// <summary>Successes among all its tasks.</summary>
    public required RateEstimate SuccessRate { get; init; }

    /// <summary>Sum of the tasks' known costs, USD. A task's whole cost is charged to each of its roles.</summary>
    public required double TotalCostUsd { get; init; }

    /// <summary>Average of the known costs, USD; null when none is known.</summary>
    public required double? AverageCostUsd { get; init; }

    /// <summary>Sum of the tasks' known durations, seconds.</summary>
    public required double TotalDurationSeconds { get; init; }

    /// <summary>Average of the known durations, seconds; null when none is known.</summary>
    public required double? AverageDurationSeconds { get; init; }

    /// <summary>Tasks that passed the quality gate, among those where this is known.</summary>
    public required RateEstimate QualityGatePassRate { get; init; }

    /// <summary>Tasks that passed code review, among those where this is known.</summary>
    public required RateEstimate CodeReviewPassRate { get; init; }

    /// <summary>Average number of retries where it is known, else null.</summary>
    public required double? AverageRetries { get; init; }

    /// <summary>Tasks by area.</summary>
    public required IReadOnlyList<NameCount> ByArea { get; init; }

    /// <summary>Tasks by risk.</summary>
    public required IReadOnlyList<NameCount> ByRisk { get; init; }

    /// <summary>Results by complexity.</summary>
    public required IReadOnlyList<ComplexityPerformance> ByComplexity { get; init; }
}
