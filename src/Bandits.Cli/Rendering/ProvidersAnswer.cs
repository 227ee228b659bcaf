using System.Text.Json;
using Bandits.History;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>The providers side by side.</summary>
internal sealed class ProvidersAnswer(IReadOnlyList<ProviderPerformance> providers) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        Table table = Layout.Table("provider", ">tasks", ">success [95%]", ">cost a task", ">duration");
        foreach (ProviderPerformance p in providers)
            table.Row(p.Provider, Figures.Count(p.TotalTasks), Figures.Rate(p.SuccessRate), Figures.Usd(p.AverageCostUsd),
                Figures.Seconds(p.AverageDurationSeconds));
        console.Write(table);
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (ProviderPerformance p in providers)
        {
            json.WriteStartObject(p.Provider);
            json.Field("total_tasks", p.TotalTasks);
            json.Field("success_rate", p.SuccessRate);
            json.Field("avg_cost", p.AverageCostUsd);
            json.Field("avg_duration", p.AverageDurationSeconds);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
