using System.Text;
using Bandits.History;

namespace Bandits.Tests.History;

/// <summary>What the parity set does not show: unknown numbers, missing planners, corrections, credibility.</summary>
public sealed class HistoryAnalyticsTests
{
    [Fact]
    public void An_empty_history_has_zero_statistics_and_no_answers()
    {
        HistoryAnalytics a = new ExecutionHistory().Analytics;
        Assert.Equal((0, 0.0, null, null), (a.Statistics().TotalTasks, a.Statistics().TotalCostUsd, a.Statistics().AverageCostUsd, a.Statistics().SuccessRate.Rate));
        Assert.Null(a.ModelPerformance("opus", minSamples: 0));
        Assert.Null(a.TaskPattern("core", "low", minSamples: 0));
        Assert.Empty(a.Rank("core", "low", HistoryRole.Planner));
        Assert.Empty(a.Savings());
        Assert.Empty(a.Providers());
    }

    [Fact]
    public void An_unknown_number_is_unknown_not_zero()
    {
        HistoryAnalytics a = Of(
            RecordLines.Simple("1", ",\"total_cost_usd\":0.5,\"num_retries\":4,\"quality_gate_passed\":true"),
            RecordLines.Simple("2", ",\"total_cost_usd\":null"),
            RecordLines.Simple("3"));
        Assert.Equal((0.5, null), (a.Statistics().AverageCostUsd, a.Statistics().AverageDurationSeconds));
        ModelPerformance p = a.ModelPerformance("opus", HistoryRole.Implementer, minSamples: 1)!;
        Assert.Equal((4, new RateEstimate(1, 1), null), (p.AverageRetries, p.QualityGatePassRate, p.CodeReviewPassRate.Rate));
        Assert.Null(a.ModelPerformance("opus", HistoryRole.Planner, minSamples: 0));
        Assert.Equal(1, Assert.Single(a.Rank("core", "low", HistoryRole.Implementer, RankingMetric.Cost, minSamples: 1)).Samples);
        Assert.Empty(a.Rank("core", "low", HistoryRole.Implementer, RankingMetric.Duration, minSamples: 0));
    }

    [Fact]
    public void A_model_in_both_roles_counts_a_task_once()
    {
        HistoryAnalytics a = Of(
            RecordLines.Simple("1", ",\"planner_model\":\"opus\",\"total_cost_usd\":1"),
            RecordLines.Simple("2", ",\"planner_model\":\"other\",\"total_cost_usd\":2"));
        ModelPerformance any = a.ModelPerformance("opus", HistoryRole.Any, minSamples: 1)!;
        Assert.Equal((2, 3.0, HistoryRole.Implementer), (any.TotalTasks, any.TotalCostUsd, any.Role));
        Assert.Equal(2, Assert.Single(any.ByArea).Count);
        Assert.Equal(2, Assert.Single(any.ByComplexity).SuccessRate.Trials);
    }

    [Fact]
    public void A_saving_that_recommends_the_most_used_model_says_so_and_compares_with_the_others()
    {
        var lines = new List<string>();
        for (int i = 0; i < 8; i++) lines.Add(RecordLines.Simple($"cheap{i}", ",\"implementer_model\":\"cheap\",\"total_cost_usd\":0.01"));
        for (int i = 0; i < 4; i++) lines.Add(RecordLines.Simple($"dear{i}", ",\"implementer_model\":\"dear\",\"total_cost_usd\":1,\"outcome\":\"failed\""));
        SavingsOpportunity o = Assert.Single(Of([.. lines]).Savings());
        Assert.True(o.IsAlreadyMostUsed);
        Assert.Equal(("cheap", "cheap", new RateEstimate(0, 4)), (o.CurrentModel, o.RecommendedModel, o.ReplacedSuccessRate));
        Assert.True(o.ProbabilityNotWorse > 0.99);
        Assert.True(o.IsThin);
    }

    [Fact]
    public void A_graded_reward_is_the_quality_that_is_taught_except_for_cancelled_tasks()
    {
        var history = new ExecutionHistory();
        history.Import(Encoding.UTF8.GetBytes(string.Join('\n',
            RecordLines.Simple("1", ",\"metadata\":{\"reward\":0.25}"),
            RecordLines.Simple("2", ",\"outcome\":\"partial\",\"metadata\":{\"reward\":0.5}"),
            RecordLines.Simple("3", ",\"outcome\":\"human_review\""),
            RecordLines.Simple("4", ",\"outcome\":\"cancelled\",\"metadata\":{\"reward\":1}"),
            RecordLines.Simple("5", ",\"outcome\":\"failed\",\"duration_seconds\":2.5,\"total_cost_usd\":0.125"))));
        HistoryEvidence row = Assert.Single(history.Evidence());
        Assert.Equal(("implementer", "opus", null, null), (row.Role, row.Model, row.Provider, row.Complexity));
        Assert.Equal((5, 3, 0.75), (row.Evidence.Total, row.Evidence.QualityCount, row.Evidence.QualitySum));
        Assert.Equal((0.125, 2.5), (row.Evidence.CostSumUsd, row.Evidence.LatencySumSeconds));
        Assert.Equal(1, row.Evidence.CountOf(OutcomeKind.Cancelled));
    }

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.5, 3.5)]
    [InlineData(2.5, 0.5)]
    [InlineData(10.5, 2.5)]
    [InlineData(80.5, 20.5)]
    [InlineData(0.5, 500.5)]
    [InlineData(900.5, 100.5)]
    public void Posterior_quantiles_agree_with_MathNet(double a, double b)
    {
        (double lower, double upper) = new BetaPosterior(a, b).Quantiles(0.025, 0.975);
        Assert.Equal(0.025, MathNet.Numerics.Distributions.Beta.CDF(a, b, lower), 1e-6);
        Assert.Equal(0.975, MathNet.Numerics.Distributions.Beta.CDF(a, b, upper), 1e-6);
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(3, 3, 1, 4)]
    [InlineData(2, 2, 98, 100)]
    [InlineData(0, 5, 40, 50)]
    [InlineData(90, 100, 85, 100)]
    [InlineData(300, 400, 7, 9)]
    [InlineData(1, 1000, 0, 3)]
    public void Probability_not_worse_agrees_with_quadrature_over_MathNet_and_is_complementary(long s1, long n1, long s2, long n2)
    {
        BetaPosterior x = BetaPosterior.Jeffreys(s1, n1), y = BetaPosterior.Jeffreys(s2, n2);
        double ours = BetaPosterior.ProbabilityNotWorse(x, y);
        Assert.Equal(1, ours + BetaPosterior.ProbabilityNotWorse(y, x), 1e-6);

        // E[F_y(X)] = mean of F_y at the quantiles of x, midpoint rule over probabilities.
        const int Nodes = 4000;
        double mean = 0;
        for (int i = 0; i < Nodes; i++)
        {
            double at = x.Quantiles((i + 0.5) / Nodes, 2).Lower;
            mean += MathNet.Numerics.Distributions.Beta.CDF(s2 + 0.5, n2 - s2 + 0.5, at) / Nodes;
        }

        Assert.Equal(mean, ours, 1e-4);
    }

    [Fact]
    public void Intervals_hold_for_millions_of_trials_and_touch_the_ends_only_when_nothing_or_all_succeeded()
    {
        (double lower, double upper) = new RateEstimate(850_000, 1_000_000).CredibleInterval;
        double half = 1.959964 * Math.Sqrt(0.85 * 0.15 / 1e6);
        Assert.Equal(0.85 - half, lower, 5e-6);
        Assert.Equal(0.85 + half, upper, 5e-6);
        Assert.Equal(0, new RateEstimate(0, 10).CredibleInterval.Lower);
        Assert.Equal(1, new RateEstimate(10, 10).CredibleInterval.Upper);
        Assert.True(new RateEstimate(2, 2).IsThin);
        Assert.False(new RateEstimate(98, 100).IsThin);
        Assert.True(new RateEstimate(0, 0).IsThin);
    }

    private static HistoryAnalytics Of(params string[] lines)
    {
        var history = new ExecutionHistory();
        Assert.Equal(lines.Length, history.Import(Encoding.UTF8.GetBytes(string.Join('\n', lines))).Imported);
        return history.Analytics;
    }
}
