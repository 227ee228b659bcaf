using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>A time per operation, alone or against a baseline.</summary>
internal sealed class TimedRow : Row
{
    public required Func<Contest> SetUp { get; init; }

    public string? Against { get; init; }

    public Goal? RatioGoal { get; init; }

    public Goal? BytesGoal { get; init; }

    /// <summary>Compares throughput: baseline over ours instead of ours over baseline.</summary>
    public bool IsThroughput { get; init; }

    /// <summary>Takes as many pairs as there are chunks of log in the effort, in one set-up.</summary>
    public bool GrowsHistory { get; init; }

    /// <summary>Says more about the timing.</summary>
    public Func<PairedTiming, string>? Remark { get; init; }

    public override Finding Measure(Effort effort)
    {
        PairedTiming timing = PairedRunner.Time(SetUp, effort, GrowsHistory ? effort.ImportPairs : 0);
        return new Finding
        {
            Name = Name,
            Against = Against,
            Ratio = IsThroughput ? timing.Ratio?.Inverse() : timing.Ratio,
            RatioGoal = RatioGoal,
            Subject = timing.Subject,
            Baseline = timing.Baseline,
            Bytes = timing.BytesPerOperation,
            BytesGoal = BytesGoal,
            Note = Remark?.Invoke(timing),
        };
    }
}
