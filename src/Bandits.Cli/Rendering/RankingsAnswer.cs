using System.Text.Json;
using Bandits.History;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>Models, best first.</summary>
internal sealed class RankingsAnswer(RankingMetric metric, IReadOnlyList<ModelRanking> rankings) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        if (rankings.Count == 0)
        {
            console.Line("No model has enough tasks of this kind; try a smaller --min-samples.");
            return;
        }

        bool isRate = metric == RankingMetric.SuccessRate;
        Table table = isRate ? Layout.Table("model", ">tasks", ">success [95%]")
            : Layout.Table("model", metric == RankingMetric.Cost ? ">cost a task" : ">duration", ">tasks", ">success [95%]");
        foreach (ModelRanking r in rankings)
        {
            string tasks = Figures.Count(r.Samples), rate = Figures.Rate(r.SuccessRate);
            if (isRate) table.Row(r.ModelId, tasks, rate);
            else table.Row(r.ModelId, metric == RankingMetric.Cost ? Figures.Usd(r.Value) : Figures.Seconds(r.Value), tasks, rate);
        }

        console.Write(table);
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (ModelRanking r in rankings)
        {
            json.WriteStartObject();
            json.Field("model_id", r.ModelId);
            json.Field("value", r.Value);
            json.Field("samples", r.Samples);
            json.Field("success_rate", r.SuccessRate);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
