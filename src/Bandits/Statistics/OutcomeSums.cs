namespace Bandits.Statistics;

/// <summary>Counts and sums of the outcomes of one arm, weighted where old outcomes fade. Quality is in [0, 1], cost in USD, latency in seconds.</summary>
internal readonly record struct OutcomeSums(
    double Count,
    double QualitySum,
    double QualitySquareSum,
    double CostCount,
    double CostSum,
    double CostSquareSum,
    double LatencyCount,
    double LatencySum);

/// <summary>A graded outcome as statistics of a segment take it in: the arm, the grade, and cost and latency where they are known.</summary>
internal readonly record struct GradedOutcome(int Arm, double Quality)
{
    /// <summary>Whether <see cref="CostUsd"/> is known.</summary>
    public bool HasCost { get; init; }

    /// <summary>Cost, USD, 0 to <see cref="Outcome.MaxCostUsd"/>.</summary>
    public double CostUsd { get; init; }

    /// <summary>Whether <see cref="LatencySeconds"/> is known.</summary>
    public bool HasLatency { get; init; }

    /// <summary>Latency, seconds, 0 to <see cref="Outcome.MaxLatency"/>.</summary>
    public double LatencySeconds { get; init; }
}
