namespace Bandits.History;

/// <summary>The questions asked of a history, answered from its aggregates in time that does not depend on the number of records.</summary>
/// <remarks>
/// The semantics are those of the orchestrator whose log this is, and the numbers are equal to its; what is corrected is listed in
/// <c>docs/decisions/0003-history-corrections.md</c>. An average is over the tasks where the number is known. Safe for many threads.
/// </remarks>
public sealed class HistoryAnalytics
{
    private readonly ExecutionHistory _history;

    internal HistoryAnalytics(ExecutionHistory history) => _history = history;

    private HistoryCube Cube => _history.Cube;

    /// <summary>The names of all models in the order in which they first appeared.</summary>
    public IReadOnlyList<string> Models()
    {
        lock (_history.Gate)
        {
            var models = new List<string>();
            for (int i = NameTable.Other; i < Cube.ModelCells.Count; i++)
            {
                if (Cube.ModelCells[i].Any.Totals.Tasks > 0) models.Add(Cube.Models[i]!);
            }

            return models;
        }
    }

    /// <summary>Overall statistics; all zero for an empty history.</summary>
    public HistoryStatistics Statistics()
    {
        lock (_history.Gate)
        {
            ref TaskTotals all = ref Cube.All;
            return new HistoryStatistics
            {
                TotalTasks = all.Tasks,
                Successful = all.Successes,
                Failed = all.Failures,
                Partial = all.Outcomes[(int)TaskOutcome.Partial],
                HumanReview = all.Outcomes[(int)TaskOutcome.HumanReview],
                Cancelled = all.Outcomes[(int)TaskOutcome.Cancelled],
                SuccessRate = new RateEstimate(all.Successes, all.Tasks),
                TotalCostUsd = all.CostUsd.Sum,
                AverageCostUsd = all.CostUsd.Mean,
                TotalDurationSeconds = all.DurationSeconds.Sum,
                AverageDurationSeconds = all.DurationSeconds.Mean,
            };
        }
    }

    /// <summary>How a model did; null when it has fewer than <paramref name="minSamples"/> tasks, or none.</summary>
    public ModelPerformance? ModelPerformance(string modelId, HistoryRole role = HistoryRole.Any, int minSamples = 5)
    {
        ArgumentNullException.ThrowIfNull(modelId);
        if (role > HistoryRole.Any) throw new ArgumentOutOfRangeException(nameof(role), role, "The role must be Planner, Implementer or Any.");
        lock (_history.Gate)
        {
            if (Cube.FindModel(modelId) is not { } cell) return null;
            ModelRoleCell asked = role switch
            {
                HistoryRole.Planner => cell.Planner,
                HistoryRole.Implementer => cell.Implementer,
                _ => cell.Any,
            };
            ref TaskTotals totals = ref asked.Totals;
            ref ReviewTotals reviews = ref asked.Reviews;
            if (totals.Tasks == 0 || totals.Tasks < minSamples) return null;
            HistoryRole shown = role != HistoryRole.Any ? role
                : cell.Planner.Totals.Tasks >= cell.Implementer.Totals.Tasks ? HistoryRole.Planner : HistoryRole.Implementer;
            return new ModelPerformance
            {
                ModelId = modelId,
                Provider = Cube.Providers[cell.Provider(shown)],
                Role = shown,
                TotalTasks = totals.Tasks,
                SuccessfulTasks = totals.Successes,
                FailedTasks = totals.Failures,
                SuccessRate = new RateEstimate(totals.Successes, totals.Tasks),
                TotalCostUsd = totals.CostUsd.Sum,
                AverageCostUsd = totals.CostUsd.Mean,
                TotalDurationSeconds = totals.DurationSeconds.Sum,
                AverageDurationSeconds = totals.DurationSeconds.Mean,
                QualityGatePassRate = new RateEstimate(reviews.QualityGatePassed, reviews.QualityGateKnown),
                CodeReviewPassRate = new RateEstimate(reviews.CodeReviewPassed, reviews.CodeReviewKnown),
                AverageRetries = reviews.RetryCount > 0 ? (double)reviews.RetrySum / reviews.RetryCount : null,
                ByArea = Breakdown.Of(Cube.Areas, asked.ByArea),
                ByRisk = Breakdown.Of(Cube.Risks, asked.ByRisk),
                ByComplexity = Breakdown.Of(Cube, asked.ByComplexity),
            };
        }
    }

    /// <summary>How tasks of an (area, risk) go; null when there are fewer than <paramref name="minSamples"/>, or none.</summary>
    public TaskPattern? TaskPattern(string area, string risk, int minSamples = 3)
    {
        ArgumentNullException.ThrowIfNull(area);
        ArgumentNullException.ThrowIfNull(risk);
        lock (_history.Gate)
        {
            SegmentCell? segment = Cube.FindSegment(area, risk);
            return segment is null || segment.Totals.Tasks < minSamples ? null : SegmentAnswers.Pattern(Cube, segment);
        }
    }

    /// <summary>
    /// Models of an (area, risk) with at least <paramref name="minSamples"/> tasks behind the value, best first: highest success rate, lowest cost or lowest
    /// duration; ties in the order in which the models first appeared there.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The role is neither planner nor implementer, or the metric is undefined.</exception>
    public IReadOnlyList<ModelRanking> Rank(
        string area, string risk, HistoryRole role, RankingMetric metric = RankingMetric.SuccessRate, int minSamples = 3)
    {
        ArgumentNullException.ThrowIfNull(area);
        ArgumentNullException.ThrowIfNull(risk);
        if (role > HistoryRole.Implementer) throw new ArgumentOutOfRangeException(nameof(role), role, "The role must be Planner or Implementer.");
        if (metric > RankingMetric.Duration) throw new ArgumentOutOfRangeException(nameof(metric), metric, "The metric must be a defined RankingMetric.");
        lock (_history.Gate)
        {
            return Cube.FindSegment(area, risk) is { } segment ? SegmentAnswers.Rank(Cube, segment, role, metric, minSamples) : [];
        }
    }

    /// <summary>All providers, in ordinal order of their names.</summary>
    public IReadOnlyList<ProviderPerformance> Providers()
    {
        lock (_history.Gate)
        {
            var providers = new List<ProviderPerformance>();
            for (int i = NameTable.Other; i < Cube.ProviderCells.Count; i++)
            {
                ref TaskTotals totals = ref Cube.ProviderCells[i].Totals;
                if (totals.Tasks == 0) continue;
                providers.Add(new ProviderPerformance
                {
                    Provider = Cube.Providers[i]!,
                    TotalTasks = totals.Tasks,
                    SuccessRate = new RateEstimate(totals.Successes, totals.Tasks),
                    AverageCostUsd = totals.CostUsd.Mean,
                    AverageDurationSeconds = totals.DurationSeconds.Mean,
                });
            }

            providers.Sort(static (x, y) => string.CompareOrdinal(x.Provider, y.Provider));
            return providers;
        }
    }

    /// <summary>
    /// Segments of at least five tasks where an implementer costs over <paramref name="minimumSavingsUsd"/> less per task than the segment's average and succeeds at
    /// most 0.1 less often than it; in ordinal order of (area, risk).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The savings are not a finite number.</exception>
    public IReadOnlyList<SavingsOpportunity> Savings(double minimumSavingsUsd = 0.01)
    {
        if (!double.IsFinite(minimumSavingsUsd))
            throw new ArgumentOutOfRangeException(nameof(minimumSavingsUsd), minimumSavingsUsd, "The minimum savings must be a finite number of USD.");
        lock (_history.Gate)
        {
            var opportunities = new List<SavingsOpportunity>();
            foreach (SegmentCell segment in Cube.Segments.Cells)
            {
                if (SegmentAnswers.Opportunity(Cube, segment, minimumSavingsUsd) is { } opportunity) opportunities.Add(opportunity);
            }

            opportunities.Sort(static (x, y) =>
            {
                int order = string.CompareOrdinal(x.Area, y.Area);
                return order != 0 ? order : string.CompareOrdinal(x.Risk, y.Risk);
            });
            return opportunities;
        }
    }
}
