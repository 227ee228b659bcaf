using System.Globalization;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Operations;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>Throughput of two threads over that of one.</summary>
internal sealed class ThreadRow : Row
{
    private const int Seed = 5;
    private const int Calls = 1 << 16;
    private const int Apart = 64;

    /// <summary>Whether each decision is recorded as well.</summary>
    public required bool Records { get; init; }

    /// <summary>Whether both threads work on one segment; else each takes all 256 in an order of its own.</summary>
    public required bool SharesSegment { get; init; }

    public required double Least { get; init; }

    public override Finding Measure(Effort effort)
    {
        using var cores = OneCore.Unpin();
        var traffic = new Traffic(Strategy.Learning, Seed);
        int[] next = new int[4 * Apart]; // far from each other, and from the array's length, which both read
        var threads = new TwoThreads(
            thread =>
            {
                int n = next[(1 + thread) * Apart]++;
                SegmentKey segment = SharesSegment ? traffic.Order[0] : traffic.Order[(n + thread * (Traffic.Draws / 2)) & (Traffic.Draws - 1)];
                traffic.Router.TryDecide(new Request(segment), out Decision decision);
                return Records ? (long)traffic.Router.Record(decision, traffic.OutcomeOf(decision.Arm, n)) : decision.Arm;
            },
            Calls);
        int wanted = effort.IsQuick ? 3 : 40, tries = 0;
        var ratios = new List<double>();
        for (int i = 0; i < 20; i++) threads.Repeat();
        for (; ratios.Count < wanted && tries < 25 * wanted; tries++)
            if (threads.Repeat() is { } ratio) ratios.Add(ratio);
        return new Finding
        {
            Name = Name,
            Against = "one thread",
            Ratio = ratios.Count > 0 ? Spread.Of(ratios.ToArray()) : null,
            RatioGoal = Goal.AtLeast(Least),
            Note = string.Create(CultureInfo.InvariantCulture, $"throughput; {ratios.Count} of {tries} repetitions ran undisturbed at the same time"),
        };
    }
}
