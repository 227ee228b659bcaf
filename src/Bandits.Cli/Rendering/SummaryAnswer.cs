using System.Text.Json;
using Bandits.History;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>Overall statistics.</summary>
internal sealed class SummaryAnswer(HistoryStatistics s) : Answer
{
    public override void WriteTable(IAnsiConsole console) => console.Pairs(
        ("tasks", Figures.Count(s.TotalTasks)),
        ("success rate", Figures.Rate(s.SuccessRate)),
        ("succeeded", Figures.Count(s.Successful)),
        ("failed", Figures.Count(s.Failed)),
        ("partial", Figures.Count(s.Partial)),
        ("human review", Figures.Count(s.HumanReview)),
        ("cancelled", Figures.Count(s.Cancelled)),
        ("cost", Figures.PerTask(Figures.Usd(s.TotalCostUsd), s.AverageCostUsd, Figures.Usd)),
        ("duration", Figures.PerTask(Figures.Seconds(s.TotalDurationSeconds), s.AverageDurationSeconds, Figures.Seconds)));

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.Field("total_tasks", s.TotalTasks);
        json.Field("successful", s.Successful);
        json.Field("failed", s.Failed);
        json.Field("partial", s.Partial);
        json.Field("human_review", s.HumanReview);
        json.Field("cancelled", s.Cancelled);
        json.Field("success_rate", s.SuccessRate);
        json.Field("total_cost", s.TotalCostUsd);
        json.Field("avg_cost", s.AverageCostUsd);
        json.Field("total_duration", s.TotalDurationSeconds);
        json.Field("avg_duration", s.AverageDurationSeconds);
        json.WriteEndObject();
    }
}
