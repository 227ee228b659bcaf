namespace Bandits.History;

/// <summary>The whole history in a few numbers.</summary>
public sealed class HistoryStatistics
{
    /// <summary>All tasks.</summary>
    public required long TotalTasks { get; init; }

    /// <summary>Tasks that succeeded.</summary>
    public required long Successful { get; init; }

    /// <summary>Tasks that failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Tasks partly done.</summary>
    public required long Partial { get; init; }

    /// <summary>Tasks handed to a human.</summary>
    public required long HumanReview { get; init; }

    /// <summary>Tasks cancelled.</summary>
    public required long Cancelled { get; init; }

    /// <summary>Successes among all tasks, cancelled ones included.</summary>
    public required RateEstimate SuccessRate { get; init; }

    /// <summary>Sum of the known costs, USD.</summary>
    public required double TotalCostUsd { get; init; }

    /// <summary>Average of the known costs, USD; null when none is known.</summary>
    public required double? AverageCostUsd { get; init; }

    /// <summary>Sum of the known durations, seconds.</summary>
    public required double TotalDurationSeconds { get; init; }

    /// <summary>Average of the known durations, seconds; null when none is known.</summary>
    public required double? AverageDurationSeconds { get; init; }
}
