namespace Bandits.History;

/// <summary>One place in a ranking.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="Value">Its success rate, average cost in USD or average duration in seconds, in its natural sign.</param>
/// <param name="Samples">Tasks behind the value.</param>
/// <param name="SuccessRate">Its success rate, whatever the metric.</param>
public sealed record ModelRanking(string ModelId, double Value, long Samples, RateEstimate SuccessRate);
