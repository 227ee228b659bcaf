using System.Text.Json;
using Bandits.Rae;
using Bandits.Storage;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>What a pull brought.</summary>
internal sealed class RaePullAnswer(PullReport report) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        Table table = Layout.Table("instance", ">cells", ">weight", "what it did");
        foreach (JoinedOrigin origin in report.Joined)
            table.Row(origin.Name, Figures.Count(origin.Cells), Figures.Number(origin.Weight), JoinedFields.Effect(origin));
        if (report.Joined.Count > 0) console.Write(table);
        else console.Line("No other instance has exported anything that can be used.");
        foreach (ArmLeftOut arm in report.LeftOut) console.Line($"Arm {JoinedFields.Told(arm)}");
        foreach (string fault in report.Faults) console.Line(fault);
        if (report.BadMemories > 0) console.Line($"{Figures.Count(report.BadMemories)} memories cannot be used and changed nothing.");
        foreach (string reason in report.Reasons) console.Line(reason);
        if (report.IsWaiting) console.Line("Some windows wait for others that have not arrived.");
        if (!report.IsComplete) console.Line("Not everything was listed: there are more memories than are read in one pull.");
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.Field("memories", report.Memories);
        json.Field("parts", report.Parts);
        json.Field("bad_memories", report.BadMemories);
        json.Field("waiting", report.IsWaiting);
        json.Field("complete", report.IsComplete);
        json.WriteJoined("instances", report.Joined, report.LeftOut);
        json.Field("faults", report.Faults);
        json.Field("reasons", report.Reasons);
        json.WriteEndObject();
    }
}
