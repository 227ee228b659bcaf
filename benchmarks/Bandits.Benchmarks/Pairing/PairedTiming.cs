namespace Bandits.Benchmarks.Pairing;

/// <summary>What the pairs of a contest came to.</summary>
internal sealed record PairedTiming
{
    /// <summary>Nanoseconds per operation of ours.</summary>
    public required Spread Subject { get; init; }

    /// <summary>Nanoseconds per operation of the baseline, if there is one.</summary>
    public Spread? Baseline { get; init; }

    /// <summary>Ours over baseline, pair by pair.</summary>
    public Spread? Ratio { get; init; }

    /// <summary>Bytes allocated per operation of ours, exact.</summary>
    public required double BytesPerOperation { get; init; }
}
