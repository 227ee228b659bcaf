using System.Globalization;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Operations;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>A question asked of a long history, against the same question asked of a short one with the same segments, models and rates.</summary>
internal sealed class QueryRow : Row
{
    public required Func<GrownHistory, object?> Ask { get; init; }

    public required Histories Histories { get; init; }

    /// <summary>Questions per run, so that a run takes about a tenth of a millisecond.</summary>
    public required int Count { get; init; }

    public override Finding Measure(Effort effort)
    {
        GrownHistory large = Histories.Of(effort.LargeHistory), small = Histories.Of(effort.SmallHistory);
        PairedTiming timing = PairedRunner.Time(() => new Contest(new Query(() => Ask(large), Count), new Query(() => Ask(small), Count)), effort);
        return new Finding
        {
            Name = Name,
            Against = string.Create(CultureInfo.InvariantCulture, $"the same at {effort.SmallHistory:N0} records, here {effort.LargeHistory:N0}"),
            Ratio = timing.Ratio,
            RatioGoal = Goal.AtMost(1.3),
            Subject = timing.Subject,
            Baseline = timing.Baseline,
            Bytes = timing.BytesPerOperation,
        };
    }
}
