using System.Text.Json;
using Bandits.History;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>Where a cheaper model would do.</summary>
internal sealed class SavingsAnswer(IReadOnlyList<SavingsOpportunity> savings) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        if (savings.Count == 0)
        {
            console.Line("No kind of task has a cheaper implementer that would do about as well; try a smaller --min-savings.");
            return;
        }

        Table table = Layout.Table("area, risk", "now -> instead", ">saving", ">success", ">not worse");
        table.Columns[1].NoWrap();
        foreach (SavingsOpportunity s in savings)
        {
            string now = s.IsAlreadyMostUsed ? "others" : s.CurrentModel;
            table.Row(
                $"{s.Area}\n{s.Risk}", $"{now}\n-> {s.RecommendedModel}", Figures.Usd(s.SavingsPerTaskUsd),
                    $"{Figures.Rate(s.ReplacedSuccessRate.Rate)}\n{Figures.Rate(s.NewSuccessRate.Rate)}",
                Figures.Number(s.ProbabilityNotWorse, "0.00") + (s.IsThin ? "\nthin" : ""));
        }

        console.Write(table);
        console.Line("saving: USD a task; not worse: P(the success rate is not lower).");
        console.Line("Models were not given tasks at random, so a saving is a hint of what to try.");
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (SavingsOpportunity s in savings)
        {
            json.WriteStartObject();
            json.Field("type", "cost_optimization");
            json.Field("task_area", s.Area);
            json.Field("task_risk", s.Risk);
            json.Field("role", s.Role.ToString().ToLowerInvariant());
            json.Field("current_model", s.CurrentModel);
            json.Field("recommended_model", s.RecommendedModel);
            json.Field("current_cost", s.CurrentCostUsd);
            json.Field("new_cost", s.NewCostUsd);
            json.Field("savings_per_task", s.SavingsPerTaskUsd);
            json.Field("current_success_rate", s.CurrentSuccessRate);
            json.Field("new_success_rate", s.NewSuccessRate);
            json.Field("replaced_success_rate", s.ReplacedSuccessRate);
            json.Field("already_most_used", s.IsAlreadyMostUsed);
            json.Field("probability_not_worse", s.ProbabilityNotWorse);
            json.Field("thin", s.IsThin);
            json.Field("segment_tasks", s.SegmentTasks);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
