namespace Bandits;

/// <summary>How learning goes: what was tried, what it cost, who is good, and where money could be saved.</summary>
public sealed record LearningSummary
{
    /// <summary>The strategy in force.</summary>
    public Strategy Strategy { get; init; }

    /// <summary>Decisions made.</summary>
    public long Decisions { get; init; }

    /// <summary>Outcomes behind the beliefs, joined ones included, unweighted.</summary>
    public long Executions { get; init; }

    /// <summary>Mean quality over graded outcomes; NaN when there is none.</summary>
    public double SuccessRate { get; init; }

    /// <summary>Sum of known costs, USD.</summary>
    public double TotalCostUsd { get; init; }

    /// <summary>The exploration share over all segments.</summary>
    public double ExplorationRate { get; init; }

    /// <summary>Exploration shares of segments that have their own, with the segment's values.</summary>
    public required IReadOnlyList<SegmentExploration> Exploration { get; init; }

    /// <summary>Comparison of the providers, by name.</summary>
    public required IReadOnlyList<ProviderSummary> Providers { get; init; }

    /// <summary>The largest savings, largest first.</summary>
    public required IReadOnlyList<Saving> Savings { get; init; }
}

/// <summary>The exploration share of one segment.</summary>
/// <param name="Segment">Values of the segment.</param>
/// <param name="Rate">The share, in [0.05, 0.3].</param>
public readonly record struct SegmentExploration(IReadOnlyList<string> Segment, double Rate);

/// <summary>What the arms of one provider have done.</summary>
/// <param name="Provider">Name of the provider.</param>
/// <param name="Executions">Outcomes.</param>
/// <param name="SuccessRate">Mean quality over graded outcomes; NaN when there is none.</param>
/// <param name="MeanCostUsd">Mean of known costs, USD; NaN when none is known.</param>
/// <param name="MeanLatencySeconds">Mean of known latencies, seconds; NaN when none is known.</param>
public readonly record struct ProviderSummary(string Provider, long Executions, double SuccessRate, double MeanCostUsd, double MeanLatencySeconds);

/// <summary>A segment in which a cheaper arm is probably not worse than the one most used.</summary>
/// <param name="Segment">Values of the segment.</param>
/// <param name="CurrentArm">The arm most used there.</param>
/// <param name="CheaperArm">The cheaper arm.</param>
/// <param name="SavingUsd">Expected saving per task, USD.</param>
/// <param name="QualityChange">Expected change of quality, cheaper minus current.</param>
/// <param name="Confidence">P(quality of the cheaper arm is at most 0.1 below that of the current one).</param>
public readonly record struct Saving(
    IReadOnlyList<string> Segment, string CurrentArm, string CheaperArm, double SavingUsd, double QualityChange, double Confidence);
