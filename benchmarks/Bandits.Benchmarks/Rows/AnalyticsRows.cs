using Bandits.Benchmarks.Inputs;
using Bandits.History;

namespace Bandits.Benchmarks.Rows;

/// <summary>Every question that can be asked of a history.</summary>
internal static class AnalyticsRows
{
    private const string Model = "claude-sonnet-4-5-20250929";

    public static IEnumerable<Row> All(Histories histories)
    {
        yield return Of("statistics", 512, static h => h.Analytics.Statistics());
        yield return Of("models", 512, static h => h.Analytics.Models());
        foreach (HistoryRole role in Enum.GetValues<HistoryRole>())
            yield return Of($"model performance, {Word(role)}", 16, h => h.Analytics.ModelPerformance(Model, role));
        yield return Of("task pattern", 16, static h => h.Analytics.TaskPattern("core", "low"));
        foreach (RankingMetric metric in Enum.GetValues<RankingMetric>())
            yield return Of($"ranking by {Word(metric)}", 64, h => h.Analytics.Rank("core", "low", HistoryRole.Implementer, metric));
        yield return Of("providers", 256, static h => h.Analytics.Providers());
        yield return Of("savings", 1, static h => h.Analytics.Savings());
        yield return Of("recent 20 records, read from the log", 2, static h => h.Store.Recent(20));
        yield return Of("evidence by segment and model", 1, static h => h.Store.History.Evidence());
        yield return Of("evidence by task", 16, static h => h.Store.History.TaskEvidence());

        QueryRow Of(string question, int count, Func<GrownHistory, object?> ask) => new()
        {
            Name = $"query: {question}",
            Ask = ask,
            Count = count,
            Histories = histories,
        };
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
