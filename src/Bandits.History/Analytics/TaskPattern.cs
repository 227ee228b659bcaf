namespace Bandits.History;

/// <summary>How tasks of one (area, risk) go.</summary>
public sealed class TaskPattern
{
    /// <summary>Task area.</summary>
    public required string Area { get; init; }

    /// <summary>Task risk.</summary>
    public required string Risk { get; init; }

    /// <summary>Tasks.</summary>
    public required long TotalAttempts { get; init; }

    /// <summary>Tasks that succeeded.</summary>
    public required long Successful { get; init; }

    /// <summary>Tasks that failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Successes among all tasks.</summary>
    public required RateEstimate SuccessRate { get; init; }

    /// <summary>The planner with the highest success rate over at least two tasks, the earliest seen on a tie; null when there is none.</summary>
    public required ModelRate? BestPlanner { get; init; }

    /// <summary>The implementer with the highest success rate over at least two tasks, the earliest seen on a tie; null when there is none.</summary>
    public required ModelRate? BestImplementer { get; init; }

    /// <summary>Average of the known costs, USD; null when none is known.</summary>
    public required double? AverageCostUsd { get; init; }

    /// <summary>Lowest known cost, USD.</summary>
    public required double? MinCostUsd { get; init; }

    /// <summary>Highest known cost, USD.</summary>
    public required double? MaxCostUsd { get; init; }

    /// <summary>Average of the known durations, seconds; null when none is known.</summary>
    public required double? AverageDurationSeconds { get; init; }

    /// <summary>Shortest known duration, seconds.</summary>
    public required double? MinDurationSeconds { get; init; }

    /// <summary>Longest known duration, seconds.</summary>
    public required double? MaxDurationSeconds { get; init; }

    /// <summary>The five most frequent error types of failed tasks, the earliest seen first on a tie.</summary>
    public required IReadOnlyList<NameCount> CommonErrors { get; init; }

    /// <summary>Results by complexity.</summary>
    public required IReadOnlyList<ComplexityPerformance> ByComplexity { get; init; }
}
