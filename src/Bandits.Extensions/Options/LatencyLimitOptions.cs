namespace Bandits.Extensions;

/// <summary>The latency limit in configuration; see <see cref="LatencyLimit"/>. What is left out has its default.</summary>
public sealed class LatencyLimitOptions
{
    /// <inheritdoc cref="LatencyLimit.Seconds"/>
    public double Seconds { get; set; } = double.NaN;

    /// <inheritdoc cref="LatencyLimit.MostExceeding"/>
    public double? MostExceeding { get; set; }

    /// <inheritdoc cref="LatencyLimit.Confidence"/>
    public double? Confidence { get; set; }

    internal LatencyLimit ToLimit()
    {
        var limit = new LatencyLimit { Seconds = Seconds };
        return limit with { MostExceeding = MostExceeding ?? limit.MostExceeding, Confidence = Confidence ?? limit.Confidence };
    }
}
