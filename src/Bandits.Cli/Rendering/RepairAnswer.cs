using System.Text.Json;
using Bandits.Storage;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>What a repair brought back, and what is lost.</summary>
internal sealed class RepairAnswer(string directory, RepairReport report) : Answer
{
    private RecoveryReport Recovery => report.Before.Recovery!;

    public override void WriteTable(IAnsiConsole console)
    {
        console.Pairs(
            ("started from", Recovery.Snapshot switch
            {
                SnapshotUsed.Newest => "the newest snapshot",
                SnapshotUsed.Previous => "the snapshot before the newest",
                _ => "the journal alone",
            }),
            ("entries used", Figures.Count(Recovery.Entries)));
        foreach (string loss in StoreFields.Losses(Recovery)) console.Line($"lost: {loss}");
        foreach (string moved in report.Moved) console.Line($"kept aside: {Path.GetRelativePath(directory, moved)}");
        console.Line(report.Before.IsClean ? "The store was whole; a new snapshot was saved." : "The store is whole again.");
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.Field("was_clean", report.Before.IsClean);
        StoreFields.WriteRecovery(json, Recovery);
        json.Field("moved", [.. report.Moved.Select(moved => Path.GetRelativePath(directory, moved))]);
        json.WriteEndObject();
    }
}
