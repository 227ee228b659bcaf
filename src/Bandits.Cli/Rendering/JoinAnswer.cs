using System.Text.Json;
using Bandits.Storage;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>What was joined from other stores.</summary>
internal sealed class JoinAnswer(IReadOnlyList<(string Directory, JoinReport Report)> joins) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        Table table = Layout.Table("store", "origin", ">cells", ">weight", "what it did");
        foreach ((string directory, JoinReport report) in joins)
        {
            foreach (JoinedOrigin origin in report.Origins)
                table.Row(directory, origin.Name, Figures.Count(origin.Cells), Figures.Number(origin.Weight), JoinedFields.Effect(origin));
            if (report.Origins.Count == 0) table.Row(directory, report.Name, "", "", "a copy of this store: nothing new");
        }

        console.Write(table);
        foreach ((string directory, JoinReport report) in joins)
        {
            foreach (ArmLeftOut arm in report.LeftOut)
                console.Line($"{directory}: arm {JoinedFields.Told(arm)}");
            foreach (string fault in report.Faults) console.Line($"{directory}: {fault}");
            foreach (string loss in StoreFields.Losses(report.Recovery)) console.Line($"{directory}: {loss}");
        }
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach ((string directory, JoinReport report) in joins)
        {
            json.WriteStartObject();
            json.Field("store", directory);
            json.Field("name", report.Name);
            json.Field("joined", report.Joined == Joined.Applied);
            json.WriteJoined("origins", report.Origins, report.LeftOut);
            json.Field("faults", report.Faults);
            StoreFields.WriteRecovery(json, report.Recovery);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
