namespace Bandits.Benchmarks.Baselines;

/// <summary>Frozen, never edit. An outcome in stored units: quality in 2^-32, cost in nano-USD, time in microseconds.</summary>
internal struct PlainAmounts
{
    public int Kind;
    public long Quality;
    public long CostNanoUsd;
    public long LatencyMicroseconds;
    public bool HasKind;
    public bool HasCost;
    public bool HasLatency;
    public bool IsCensored;
    public bool HasTokens;
    public uint InputTokens;
    public uint OutputTokens;
    public bool HasFirstToken;
    public uint FirstTokenMicroseconds;

    /// <summary>Quantises an outcome; false when a part is out of range.</summary>
    public static bool TryOf(in PlainOutcome outcome, out PlainAmounts amounts)
    {
        amounts = default;
        amounts.Quality = -1;
        if (outcome.Kind is { } kind)
        {
            if ((uint)kind > 7) return false;
            (amounts.HasKind, amounts.Kind) = (true, kind);
            amounts.Quality = kind switch { 0 => 1L << 32, 1 => 0, _ => -1 };
        }

        if (outcome.Quality is { } quality)
        {
            if (!(quality >= 0 && quality <= 1)) return false;
            amounts.Quality = (long)Math.Round(quality * (1L << 32));
        }

        if (outcome.CostUsd is { } cost)
        {
            if (!(cost >= 0 && cost <= 1e6)) return false;
            (amounts.HasCost, amounts.CostNanoUsd) = (true, (long)Math.Round(cost * 1e9));
        }

        if (outcome.Latency is { } latency)
        {
            if (latency < TimeSpan.Zero || latency > TimeSpan.FromDays(365)) return false;
            (amounts.HasLatency, amounts.LatencyMicroseconds) = (true, latency.Ticks / TimeSpan.TicksPerMicrosecond);
            amounts.IsCensored = outcome.Kind == 6;
        }

        if (outcome.InputTokens is { } input && outcome.OutputTokens is { } output)
        {
            if (input < 0 || output < 0) return false;
            (amounts.HasTokens, amounts.InputTokens, amounts.OutputTokens) = (true, (uint)input, (uint)output);
        }

        if (outcome.TimeToFirstToken is { } first)
        {
            if (first < TimeSpan.Zero || first > TimeSpan.FromHours(1)) return false;
            (amounts.HasFirstToken, amounts.FirstTokenMicroseconds) = (true, (uint)(first.Ticks / TimeSpan.TicksPerMicrosecond));
        }

        return true;
    }
}
