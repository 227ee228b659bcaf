namespace Bandits;

/// <summary>How slow an arm may be: P(latency &gt; limit) at most p. An arm that surely is slower may not be chosen.</summary>
/// <remarks>
/// <para>Judged by the tail and not by the mean, segment by segment, from a histogram of how long attempts took (buckets 12 % wide; a limit acts as the end of its bucket). A segment adds the arm's outcomes in the others
/// to its own, for at most 20 of them, unless <see cref="RouterOptions.Pooling"/> is off. A timeout counts as longer than where it was cut off, so have attempts time out at the limit or later: what was cut off
/// earlier says nothing of the limit.</para>
/// <para>An arm of which too little is known stays eligible, and always below <see cref="RouterOptions.MinSamples"/> outcomes. Where every arm that may be chosen is surely slower, those of the least estimated tail stay: a slow answer is
/// better than none. An arm that is left out is not tried any more and so does not come back by itself: <see cref="BanditRouter.Restart"/> gives it another chance.</para>
/// <para>Latencies are counted while there is a limit. See docs/constraints.md.</para>
/// </remarks>
public sealed record LatencyLimit
{
    /// <summary>The limit, seconds, above 0 and at most 31536000.</summary>
    public required double Seconds { get; init; }

    /// <summary>p: share of attempts that may take longer, in (0, 1).</summary>
    /// <value>0.05</value>
    public double MostExceeding { get; init; } = 0.05;

    /// <summary>How sure: 1 minus the chance that an arm which keeps the limit is ever left out of a segment, however often one looks, in [0.5, 1).</summary>
    /// <value>0.9</value>
    public double Confidence { get; init; } = 0.9;

    internal void Validate(List<string> faults)
    {
        Fault.Check(faults, Seconds is > 0 and <= 31536000, "LatencyLimit.Seconds", Seconds, "(0, 31536000] seconds");
        Fault.Check(faults, MostExceeding is > 0 and < 1, "LatencyLimit.MostExceeding", MostExceeding, "(0, 1)");
        Fault.Check(faults, Confidence is >= 0.5 and < 1, "LatencyLimit.Confidence", Confidence, "[0.5, 1)");
    }
}
