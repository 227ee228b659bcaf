using System.Text.Json;
using Bandits.History;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>The newest records.</summary>
internal sealed class RecentAnswer(IReadOnlyList<ExecutionRecord> records) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        Table table = Layout.Table("task", "started", "area, risk", "implementer", "outcome", ">cost");
        foreach (ExecutionRecord r in records)
            table.Row(r.TaskId, r.StartedAt is { Length: > 16 } at ? at[..16].Replace('T', '\n') : r.StartedAt ?? "-", $"{r.TaskArea}\n{r.TaskRisk}",
                Figures.Name(r.ImplementerModel), Word(r.Outcome), Figures.Usd(r.TotalCostUsd));
        console.Write(table);
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (ExecutionRecord r in records) Write(json, r);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ExecutionRecord r)
    {
        json.WriteStartObject();
        json.Field("task_id", r.TaskId);
        json.Field("task_area", r.TaskArea);
        json.Field("task_risk", r.TaskRisk);
        json.Field("task_complexity", r.TaskComplexity);
        json.Field("planner_model", r.PlannerModel);
        json.Field("planner_provider", r.PlannerProvider);
        json.Field("implementer_model", r.ImplementerModel);
        json.Field("implementer_provider", r.ImplementerProvider);
        json.Field("outcome", Word(r.Outcome));
        json.Field("duration_seconds", r.DurationSeconds);
        json.Field("total_cost_usd", r.TotalCostUsd);
        json.Field("num_steps", r.NumSteps);
        json.Field("num_retries", r.NumRetries);
        json.Field("quality_gate_passed", r.QualityGatePassed);
        json.Field("code_review_passed", r.CodeReviewPassed);
        json.Field("plan_review_passed", r.PlanReviewPassed);
        json.Field("error_type", r.ErrorType);
        json.Field("error_message", r.ErrorMessage);
        json.Field("failed_step", r.FailedStep);
        json.Field("started_at", r.StartedAt);
        json.Field("completed_at", r.CompletedAt);
        json.WritePropertyName("metadata");
        if (r.MetadataJson is { } metadata) json.WriteRawValue(metadata);
        else json.WriteNullValue();
        json.WriteEndObject();
    }

    private static string Word(TaskOutcome outcome) => outcome == TaskOutcome.HumanReview ? "human_review" : outcome.ToString().ToLowerInvariant();
}
