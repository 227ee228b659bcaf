using System.Text.Json;
using Bandits.History;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>One model's performance, or none.</summary>
internal sealed class ModelAnswer(string modelId, ModelPerformance? performance) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        if (performance is not { } p)
        {
            console.Line($"The history has too few tasks of '{modelId}' in this role; try a smaller --min-samples.");
            return;
        }

        console.Heading($"{p.ModelId} ({p.Provider ?? "provider unknown"}), mostly {Word(p.Role)}");
        console.Pairs(
            ("tasks", Figures.Count(p.TotalTasks)),
            ("success rate", Figures.Rate(p.SuccessRate)),
            ("failed", Figures.Count(p.FailedTasks)),
            ("cost", Figures.PerTask(Figures.Usd(p.TotalCostUsd), p.AverageCostUsd, Figures.Usd)),
            ("duration", Figures.PerTask(Figures.Seconds(p.TotalDurationSeconds), p.AverageDurationSeconds, Figures.Seconds)),
            ("quality gate", Figures.Rate(p.QualityGatePassRate)),
            ("code review", Figures.Rate(p.CodeReviewPassRate)),
            ("retries", Figures.Number(p.AverageRetries)),
            ("by area", Counts(p.ByArea)),
            ("by risk", Counts(p.ByRisk)));
        console.Write(ComplexityTable.Of(p.ByComplexity));
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        if (performance is not { } p)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.Field("model_id", p.ModelId);
        json.Field("provider", p.Provider);
        json.Field("role", Word(p.Role));
        json.Field("total_tasks", p.TotalTasks);
        json.Field("successful_tasks", p.SuccessfulTasks);
        json.Field("failed_tasks", p.FailedTasks);
        json.Field("success_rate", p.SuccessRate);
        json.Field("total_cost", p.TotalCostUsd);
        json.Field("avg_cost_per_task", p.AverageCostUsd);
        json.Field("total_duration", p.TotalDurationSeconds);
        json.Field("avg_duration", p.AverageDurationSeconds);
        json.Field("quality_gate_pass_rate", p.QualityGatePassRate);
        json.Field("code_review_pass_rate", p.CodeReviewPassRate);
        json.Field("avg_retries", p.AverageRetries);
        json.Field("by_area", p.ByArea);
        json.Field("by_risk", p.ByRisk);
        json.Field("by_complexity", p.ByComplexity);
        json.WriteEndObject();
    }

    private static string Word(HistoryRole role) => role.ToString().ToLowerInvariant();

    private static string Counts(IReadOnlyList<NameCount> counts) => string.Join(", ", counts.Select(c => $"{c.Name} {Figures.Count(c.Count)}"));
}
