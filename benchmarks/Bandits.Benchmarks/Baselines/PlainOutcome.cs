namespace Bandits.Benchmarks.Baselines;

/// <summary>Frozen, never edit. An outcome as a program without routing would hold it.</summary>
internal readonly record struct PlainOutcome
{
    /// <summary>0 success, 1 failed, 2 to 7 without quality of their own; 6 is a timeout.</summary>
    public int? Kind { get; init; }

    public double? Quality { get; init; }

    public double? CostUsd { get; init; }

    public int? InputTokens { get; init; }

    public int? OutputTokens { get; init; }

    public TimeSpan? Latency { get; init; }

    public TimeSpan? TimeToFirstToken { get; init; }
}
