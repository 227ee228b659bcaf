using Bandits.Benchmarks.Inputs;
using Bandits.History;

namespace Bandits.Benchmarks.Rows;

/// <summary>Every question that can be asked of a history.</summary>
internal static class AnalyticsRows
{
    private const string Model = "claude-sonnet-4-5-20250929";

    public static IEnumerable<Row> All(Histories histories)
    {
        yield return Of("statistics", 1024, static h => h.Analytics.Statistics());
        yield return Of("models", 1024, static h => h.Analytics.Models());
        foreach (HistoryRole role in Enum.GetValues<HistoryRole>())
            yield return Of($"model performance, {Word(role)}", 256, h => h.Analytics.ModelPerformance(Model, role));
        yield return Of("task pattern", 256, static h => h.Analytics.TaskPattern("core", "low"));
        foreach (RankingMetric metric in Enum.GetValues<RankingMetric>())
            yield return Of($"ranking by {Word(metric)}", 256, h => h.Analytics.Rank("core", "low", HistoryRole.Implementer, metric));
        yield return Of("providers", 1024, static h => h.Analytics.Providers());
        yield return Of("savings", 128, static h => h.Analytics.Savings());
        yield return Of("statistics, with the credible interval", 16, static h => h.Analytics.Statistics().SuccessRate.CredibleInterval);
        yield return Of("model performance, with every credible interval", 4, static h => Widths(h.Analytics.ModelPerformance(Model)!));
        yield return Of("savings, with every probability of being no worse", 1, static h => Probabilities(h.Analytics.Savings()));
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

    /// <summary>Intervals are computed when they are read, so a whole answer costs more than the question.</summary>
    private static object Widths(ModelPerformance performance)
    {
        double sum = Width(performance.SuccessRate) + Width(performance.QualityGatePassRate) + Width(performance.CodeReviewPassRate);
        foreach (ComplexityPerformance complexity in performance.ByComplexity) sum += Width(complexity.SuccessRate);
        return sum;
    }

    private static double Width(RateEstimate rate)
    {
        (double lower, double upper) = rate.CredibleInterval;
        return upper - lower;
    }

    private static object Probabilities(IReadOnlyList<SavingsOpportunity> opportunities)
    {
        double sum = 0;
        for (int i = 0; i < opportunities.Count; i++) sum += opportunities[i].ProbabilityNotWorse;
        return sum;
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
