using Bandits.Statistics;

namespace Bandits.Segments;

/// <summary>How long attempts of one arm took in one segment, and what of that the root lacks. Guarded by the segment's gate.</summary>
internal struct LatencyCell
{
    /// <summary>Attempts counted since the latest restart; of the root, what its segments have carried there.</summary>
    public LatencyHistogram Own;

    /// <summary>What the root lacks of <see cref="Own"/>; below 0 where it has what a restart has put away.</summary>
    public LatencyHistogram Waiting;

    /// <summary>Counts the latency of an outcome, in place of one that is taken back.</summary>
    public void Count(in Contribution taken, in Contribution counted, bool isCarried)
    {
        // What was recorded while there was no limit was not counted, and is not taken back.
        bool isTaken = taken.HasLatency && Own.TryTakeBack(taken.LatencyMicroseconds, taken.IsCensored);
        if (isTaken && isCarried) Waiting.Add(taken.LatencyMicroseconds, taken.IsCensored, -1);
        if (!counted.HasLatency) return;
        Own.Add(counted.LatencyMicroseconds, counted.IsCensored);
        if (isCarried) Waiting.Add(counted.LatencyMicroseconds, counted.IsCensored);
    }

    /// <summary>Begins anew.</summary>
    public void Restart(bool isCarried)
    {
        if (isCarried) Waiting.Add(Own, -1);
        Own.Clear();
    }
}
