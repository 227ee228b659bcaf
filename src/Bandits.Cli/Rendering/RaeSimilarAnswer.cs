using System.Text.Json;
using Bandits.Rae;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>Past tasks that are like a text.</summary>
internal sealed class RaeSimilarAnswer(IReadOnlyList<SimilarTask> tasks) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        if (tasks.Count == 0)
        {
            console.Line("The server finds nothing like it.");
            return;
        }

        Table table = Layout.Table(">score", "task", "arm", "outcome", ">cost");
        foreach (SimilarTask task in tasks)
        {
            table.Row(
                Figures.Number(task.Score, "0.000"), task.Segment.Count > 0 ? string.Join('/', task.Segment.Values) : task.Content, task.Arm is { } arm ? Figures.Name(arm) : "", task.Outcome ?? "",
                Figures.Usd(task.CostUsd));
        }

        console.Write(table);
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (SimilarTask task in tasks)
        {
            json.WriteStartObject();
            json.Field("id", task.MemoryId);
            json.Field("score", task.Score);
            json.Field("content", task.Content);
            json.Field("schema", task.Schema);
            json.WriteStartObject("segment");
            foreach ((string dimension, string value) in task.Segment) json.Field(dimension, value);
            json.WriteEndObject();
            json.Field("arm", task.Arm);
            json.Field("outcome", task.Outcome);
            json.Field("quality", task.Quality);
            json.Field("cost", task.CostUsd);
            json.Field("duration_seconds", task.DurationSeconds);
            json.Field("store", task.Store);
            json.Field("decision_id", task.DecisionId);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
