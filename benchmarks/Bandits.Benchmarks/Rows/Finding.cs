using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>What a row came to.</summary>
internal sealed record Finding
{
    public required string Name { get; init; }

    /// <summary>What the ratio is taken against; null where a time stands alone.</summary>
    public string? Against { get; init; }

    /// <summary>Ours over the baseline in time, or baseline over ours where throughput is compared.</summary>
    public Spread? Ratio { get; init; }

    public Goal? RatioGoal { get; init; }

    /// <summary>Nanoseconds per operation.</summary>
    public Spread? Subject { get; init; }

    /// <summary>Nanoseconds per operation.</summary>
    public Spread? Baseline { get; init; }

    /// <summary>Bytes, exact: allocated per operation, or kept per record.</summary>
    public double? Bytes { get; init; }

    public Goal? BytesGoal { get; init; }

    /// <summary>What else the numbers say.</summary>
    public string? Note { get; init; }

    /// <summary>Null without a goal for the ratio.</summary>
    public bool? MeetsRatio => Ratio is { } ratio && RatioGoal is { } goal ? goal.IsMetBy(ratio.Median) : null;

    /// <summary>Null without a goal for the bytes.</summary>
    public bool? MeetsBytes => Bytes is { } bytes && BytesGoal is { } goal ? goal.IsMetBy(bytes) : null;
}
