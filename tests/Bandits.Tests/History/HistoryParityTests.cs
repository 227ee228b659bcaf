using System.Text.Json;
using Bandits.History;

namespace Bandits.Tests.History;

/// <summary>
/// The numbers that the original analytics prints for a log of 800 records: rates and counts exactly, sums to 1e-9 relative, orders and ties as
/// its notes say. What is left out here are the two corrections: an "any" model's provider, and a savings opportunity's current model.
/// </summary>
public sealed class HistoryParityTests
{
    private static readonly Lazy<ExecutionHistory> Log = new(() =>
    {
        var history = new ExecutionHistory();
        ImportAccount account = history.ImportFile(HistoryFiles.ParityLog);
        Assert.Equal((800, 800, 0, 0), (account.Read, account.Imported, account.AlreadyKnown, account.Rejected));
        return history;
    });

    private static readonly Lazy<JsonElement> Expected = new(() => JsonDocument.Parse(File.ReadAllBytes(HistoryFiles.ParityExpectation)).RootElement);

    private static HistoryAnalytics Analytics => Log.Value.Analytics;

    [Fact]
    public void Statistics_equal_the_original()
    {
        JsonElement e = Expected.Value.GetProperty("statistics");
        HistoryStatistics s = Analytics.Statistics();
        Assert.Equal(e.GetProperty("total_tasks").GetInt64(), s.TotalTasks);
        Assert.Equal(e.GetProperty("successful").GetInt64(), s.Successful);
        Assert.Equal(e.GetProperty("failed").GetInt64(), s.Failed);
        Assert.Equal(e.GetProperty("partial").GetInt64(), s.Partial);
        Assert.Equal(e.GetProperty("human_review").GetInt64(), s.HumanReview);
        Assert.Equal(s.TotalTasks, s.Successful + s.Failed + s.Partial + s.HumanReview + s.Cancelled);
        Exact(e, "success_rate", s.SuccessRate.Rate);
        Near(e, "total_cost", s.TotalCostUsd);
        Near(e, "avg_cost", s.AverageCostUsd);
        Near(e, "total_duration", s.TotalDurationSeconds);
        Near(e, "avg_duration", s.AverageDurationSeconds);
    }

    [Fact]
    public void Model_performance_equals_the_original_in_every_role()
    {
        int compared = 0;
        foreach (JsonProperty model in Expected.Value.GetProperty("model_performance").EnumerateObject())
        {
            foreach (JsonProperty role in model.Value.EnumerateObject())
            {
                ModelPerformance? p = Analytics.ModelPerformance(model.Name, Enum.Parse<HistoryRole>(role.Name, ignoreCase: true));
                compared++;
                if (role.Value.ValueKind == JsonValueKind.Null)
                {
                    Assert.Null(p);
                    continue;
                }

                JsonElement e = role.Value;
                Assert.NotNull(p);
                Assert.Equal(e.GetProperty("role").GetString(), p.Role.ToString().ToLowerInvariant());
                if (role.Name != "any") Assert.Equal(e.GetProperty("provider").GetString(), p.Provider);
                Assert.Equal(e.GetProperty("total_tasks").GetInt64(), p.TotalTasks);
                Assert.Equal(e.GetProperty("successful_tasks").GetInt64(), p.SuccessfulTasks);
                Assert.Equal(e.GetProperty("failed_tasks").GetInt64(), p.FailedTasks);
                Exact(e, "success_rate", p.SuccessRate.Rate);
                Near(e, "total_cost", p.TotalCostUsd);
                Near(e, "avg_cost_per_task", p.AverageCostUsd);
                Near(e, "total_duration", p.TotalDurationSeconds);
                Near(e, "avg_duration", p.AverageDurationSeconds);
                Exact(e, "quality_gate_pass_rate", p.QualityGatePassRate.Rate);
                Exact(e, "code_review_pass_rate", p.CodeReviewPassRate.Rate);
                Exact(e, "avg_retries", p.AverageRetries);
                Assert.Equal(Counts(e.GetProperty("by_area")), p.ByArea.ToDictionary(c => c.Name, c => c.Count));
                Assert.Equal(Counts(e.GetProperty("by_risk")), p.ByRisk.ToDictionary(c => c.Name, c => c.Count));
                Assert.Equal(p.TotalTasks, p.ByComplexity.Sum(c => c.SuccessRate.Trials));
                Assert.Equal(p.SuccessfulTasks, p.ByComplexity.Sum(c => c.SuccessRate.Successes));
            }
        }

        Assert.Equal(24, compared);
    }

    [Fact]
    public void A_models_provider_is_its_own_in_every_role()
    {
        foreach (string model in Analytics.Models())
        {
            string own = model.StartsWith("claude") ? "claude" : model.StartsWith("gemini") ? "gemini" : "ollama";
            foreach (HistoryRole role in Enum.GetValues<HistoryRole>())
            {
                if (Analytics.ModelPerformance(model, role) is { } p) Assert.Equal(own, p.Provider);
            }
        }
    }

    [Fact]
    public void Task_patterns_equal_the_original()
    {
        foreach (JsonProperty segment in Expected.Value.GetProperty("task_pattern").EnumerateObject())
        {
            string[] key = segment.Name.Split('|');
            TaskPattern? p = Analytics.TaskPattern(key[0], key[1]);
            JsonElement e = segment.Value;
            if (e.ValueKind == JsonValueKind.Null)
            {
                Assert.Null(p);
                continue;
            }

            Assert.NotNull(p);
            Assert.Equal(e.GetProperty("total_attempts").GetInt64(), p.TotalAttempts);
            Assert.Equal(e.GetProperty("successful").GetInt64(), p.Successful);
            Assert.Equal(e.GetProperty("failed").GetInt64(), p.Failed);
            Exact(e, "success_rate", p.SuccessRate.Rate);
            Best(e.GetProperty("best_planner"), p.BestPlanner);
            Best(e.GetProperty("best_implementer"), p.BestImplementer);
            Near(e, "avg_cost", p.AverageCostUsd);
            Exact(e, "min_cost", p.MinCostUsd);
            Exact(e, "max_cost", p.MaxCostUsd);
            Near(e, "avg_duration", p.AverageDurationSeconds);
            Exact(e, "min_duration", p.MinDurationSeconds);
            Exact(e, "max_duration", p.MaxDurationSeconds);
            Assert.Equal(
                e.GetProperty("common_errors").EnumerateArray().Select(x => new NameCount(x[0].GetString()!, x[1].GetInt64())),
                p.CommonErrors);
            Assert.Equal(p.TotalAttempts, p.ByComplexity.Sum(c => c.SuccessRate.Trials));
        }
    }

    [Theory]
    [InlineData("rank", 3)]
    [InlineData("rank_min20", 20)]
    public void Rankings_equal_the_original_in_order_and_value(string name, int minSamples)
    {
        foreach (JsonProperty ranking in Expected.Value.GetProperty(name).EnumerateObject())
        {
            string[] key = ranking.Name.Split('|');
            (RankingMetric metric, int sign) = key[3] switch
            {
                "success_rate" => (RankingMetric.SuccessRate, 1),
                "cost" => (RankingMetric.Cost, -1),
                _ => (RankingMetric.Duration, -1),
            };
            IReadOnlyList<ModelRanking> ours = Analytics.Rank(key[0], key[1], Enum.Parse<HistoryRole>(key[2], ignoreCase: true), metric, minSamples);
            Assert.Equal(ranking.Value.EnumerateArray().Select(x => x[0].GetString()), ours.Select(x => x.ModelId));
            foreach ((JsonElement e, ModelRanking x) in ranking.Value.EnumerateArray().Zip(ours)) Near(e[1].GetDouble(), sign * x.Value);
            Assert.All(ours, x => Assert.True(x.Samples >= minSamples));
        }
    }

    [Fact]
    public void Provider_comparison_equals_the_original()
    {
        IReadOnlyList<ProviderPerformance> ours = Analytics.Providers();
        JsonElement expected = Expected.Value.GetProperty("provider_comparison");
        Assert.Equal(expected.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), ours.Select(p => p.Provider));
        foreach (ProviderPerformance p in ours)
        {
            JsonElement e = expected.GetProperty(p.Provider);
            Assert.Equal(e.GetProperty("total_tasks").GetInt64(), p.TotalTasks);
            Exact(e, "success_rate", p.SuccessRate.Rate);
            Near(e, "avg_cost", p.AverageCostUsd);
            Near(e, "avg_duration", p.AverageDurationSeconds);
        }
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.001)]
    [InlineData(0.1)]
    public void Savings_equal_the_original_but_for_the_current_model(double minimum)
    {
        JsonElement expected = Expected.Value.GetProperty("optimization_opportunities_" + minimum.ToString(System.Globalization.CultureInfo.InvariantCulture));
        IReadOnlyList<SavingsOpportunity> ours = Analytics.Savings(minimum);
        Assert.Equal(expected.GetArrayLength(), ours.Count);
        foreach ((JsonElement e, SavingsOpportunity o) in expected.EnumerateArray().Zip(ours))
        {
            Assert.Equal(e.GetProperty("task_area").GetString(), o.Area);
            Assert.Equal(e.GetProperty("task_risk").GetString(), o.Risk);
            Assert.Equal(e.GetProperty("recommended_model").GetString(), o.RecommendedModel);
            Near(e, "current_cost", o.CurrentCostUsd);
            Near(e, "new_cost", o.NewCostUsd);
            Near(e, "savings_per_task", o.SavingsPerTaskUsd);
            Exact(e, "new_success_rate", o.NewSuccessRate.Rate);

            // The correction: current is the implementer with most tasks, counted here from the ranking.
            IReadOnlyList<ModelRanking> all = Analytics.Rank(o.Area, o.Risk, HistoryRole.Implementer, RankingMetric.SuccessRate, minSamples: 1);
            ModelRanking current = Assert.Single(all, x => x.ModelId == o.CurrentModel);
            Assert.Equal(all.Max(x => x.Samples), current.Samples);
            Assert.Equal(current.SuccessRate, o.CurrentSuccessRate);
            Assert.Equal(o.CurrentModel == o.RecommendedModel, o.IsAlreadyMostUsed);
            Assert.InRange(o.ProbabilityNotWorse, 0, 1);
        }
    }

    [Fact]
    public void Recent_records_equal_the_original()
    {
        using var directory = new TemporaryDirectory();
        using var store = HistoryStore.Open(directory.Path);
        store.ImportFile(HistoryFiles.ParityLog);
        IEnumerable<string?> expected = Expected.Value.GetProperty("recent_20_task_ids").EnumerateArray().Select(x => x.GetString());
        Assert.Equal(expected, store.Recent(20).Select(r => r.TaskId));
    }

    [Fact]
    public void Evidence_adds_up_to_the_statistics_once_per_role_and_once_per_task()
    {
        HistoryStatistics s = Analytics.Statistics();
        foreach (string role in new[] { "planner", "implementer" })
        {
            IEnumerable<HistoryEvidence> rows = Log.Value.Evidence().Where(r => r.Role == role);
            Assert.Equal(s.TotalTasks, rows.Sum(r => r.Evidence.Total));
            Assert.Equal(s.Successful, rows.Sum(r => r.Evidence.CountOf(OutcomeKind.Success)));
            Near(s.TotalCostUsd, rows.Sum(r => r.Evidence.CostSumUsd), 1e-6);
        }

        Assert.Equal(s.TotalTasks, Log.Value.TaskEvidence().Sum(r => r.Evidence.Total));
        Near(s.TotalDurationSeconds, Log.Value.TaskEvidence().Sum(r => r.Evidence.LatencySumSeconds), 1e-6);
    }

    private static Dictionary<string, long> Counts(JsonElement e) => e.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt64());

    private static void Best(JsonElement e, ModelRate? ours)
    {
        if (e.ValueKind == JsonValueKind.Null)
        {
            Assert.Null(ours);
            return;
        }

        Assert.Equal(e[0].GetString(), ours?.ModelId);
        Assert.Equal(e[1].GetDouble(), ours?.SuccessRate.Rate);
    }

    private static void Exact(JsonElement e, string name, double? ours) => Assert.Equal(e.GetProperty(name).GetDouble(), ours);

    private static void Near(JsonElement e, string name, double? ours) => Near(e.GetProperty(name).GetDouble(), ours!.Value);

    private static void Near(double expected, double ours, double relative = 1e-9) =>
        Assert.True(Math.Abs(expected - ours) <= relative * Math.Abs(expected), $"expected {expected:R}, got {ours:R}");
}
