namespace Bandits.Benchmarks.Pairing;

/// <summary>How much is spent on a row.</summary>
internal sealed record Effort
{
    /// <summary>Seconds rather than minutes: shows that everything runs and that allocations are right, not what the times are.</summary>
    public static Effort Quick { get; } = new()
    {
        IsQuick = true,
        SetUps = 1,
        MostPairs = 60,
        FewestPairs = 5,
        SecondsPerSetUp = 0.03,
        QuietMilliseconds = 150,
        MostWarmUpSeconds = 0.5,
        ImportPairs = 6,
        AllocationRuns = 8,
        LargeHistory = 100_000,
    };

    /// <summary>What the figures of the documentation are taken with.</summary>
    public static Effort Full { get; } = new();

    public bool IsQuick { get; init; }

    /// <summary>How often the row is laid out in memory anew; its pairs are shared among these.</summary>
    public int SetUps { get; init; } = 3;

    /// <summary>Pairs per set-up, unless the time runs out first.</summary>
    public int MostPairs { get; init; } = 500;

    /// <summary>Pairs per set-up, however long they take.</summary>
    public int FewestPairs { get; init; } = 15;

    public double SecondsPerSetUp { get; init; } = 1.5;

    /// <summary>Warm-up ends when the JIT has compiled nothing for so long. Above its 100 ms delay before tier 1.</summary>
    public int QuietMilliseconds { get; init; } = 300;

    public double MostWarmUpSeconds { get; init; } = 6;

    /// <summary>Chunks of <see cref="Inputs.LogFeed.ChunkRecords"/> that an import row reads into one history.</summary>
    public int ImportPairs { get; init; } = 100;

    /// <summary>Runs over which allocated bytes are summed.</summary>
    public int AllocationRuns { get; init; } = 50;

    /// <summary>Records behind the query rows, against <see cref="SmallHistory"/>.</summary>
    public int LargeHistory { get; init; } = 1_000_000;

    public int SmallHistory { get; init; } = 10_000;
}
