using System.Text.Json;
using Bandits.History;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>How tasks of a kind go, or nothing.</summary>
internal sealed class PatternAnswer(string kind, TaskPattern? pattern) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        if (pattern is not { } p)
        {
            console.Line($"The history has fewer than 3 tasks of {kind}.");
            return;
        }

        console.Heading($"{p.Area}, {p.Risk} risk");
        console.Pairs(
            ("tasks", Figures.Count(p.TotalAttempts)),
            ("success rate", Figures.Rate(p.SuccessRate)),
            ("failed", Figures.Count(p.Failed)),
            ("best planner", Best(p.BestPlanner)),
            ("best implementer", Best(p.BestImplementer)),
            ("cost a task", $"{Figures.Usd(p.AverageCostUsd)}  ({Figures.Usd(p.MinCostUsd)} to {Figures.Usd(p.MaxCostUsd)})"),
            ("duration", $"{Figures.Seconds(p.AverageDurationSeconds)}  ({Figures.Seconds(p.MinDurationSeconds)} to {Figures.Seconds(p.MaxDurationSeconds)})"),
            ("common errors", p.CommonErrors.Count == 0 ? "-" : string.Join(", ", p.CommonErrors.Select(e => $"{e.Name} {e.Count}"))));
        console.Write(ComplexityTable.Of(p.ByComplexity));
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        if (pattern is not { } p)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.Field("task_area", p.Area);
        json.Field("task_risk", p.Risk);
        json.Field("total_attempts", p.TotalAttempts);
        json.Field("successful", p.Successful);
        json.Field("failed", p.Failed);
        json.Field("success_rate", p.SuccessRate);
        Best(json, "best_planner", p.BestPlanner);
        Best(json, "best_implementer", p.BestImplementer);
        json.Field("avg_cost", p.AverageCostUsd);
        json.Field("min_cost", p.MinCostUsd);
        json.Field("max_cost", p.MaxCostUsd);
        json.Field("avg_duration", p.AverageDurationSeconds);
        json.Field("min_duration", p.MinDurationSeconds);
        json.Field("max_duration", p.MaxDurationSeconds);
        json.WriteStartArray("common_errors");
        foreach (NameCount error in p.CommonErrors)
        {
            json.WriteStartObject();
            json.Field("error_type", error.Name);
            json.Field("count", error.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Field("by_complexity", p.ByComplexity);
        json.WriteEndObject();
    }

    private static string Best(ModelRate? best) => best is null ? "-" : $"{best.ModelId}  {Figures.Rate(best.SuccessRate)}";

    private static void Best(Utf8JsonWriter json, string name, ModelRate? best)
    {
        if (best is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.Field("model_id", best.ModelId);
        json.Field("success_rate", best.SuccessRate);
        json.Field("samples", best.SuccessRate.Trials);
        json.WriteEndObject();
    }
}
