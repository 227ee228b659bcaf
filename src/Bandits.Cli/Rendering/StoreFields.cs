using System.Text.Json;
using Bandits.Storage;
using Bandits.Storage.Journal;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>The files of a store, as tables and as JSON.</summary>
internal static class StoreFields
{
    public static string NameOf(FileCondition condition) => condition switch
    {
        FileCondition.Whole => "whole",
        FileCondition.TornTail => "torn_tail",
        FileCondition.Damaged => "damaged",
        _ => "future_version",
    };

    public static Table Files(string directory, StoreReport report)
    {
        Table table = Layout.Table("file", ">bytes", ">position", ">entries", "state");
        foreach (StoredSnapshot snapshot in report.Snapshots)
            table.Row(Path.GetRelativePath(directory, snapshot.Path), Figures.Count(snapshot.Bytes), snapshot.Position < 0 ? "-" : Figures.Count(snapshot.Position), "", Words(NameOf(snapshot.Condition)));
        foreach (JournalFile file in report.Journal)
            table.Row(Path.GetRelativePath(directory, file.Path), Figures.Count(file.Bytes), Figures.Count(file.First), Figures.Count(file.Entries.Values.Sum()), Words(NameOf(file.Condition)));
        return table;
    }

    public static void WriteFiles(Utf8JsonWriter json, string directory, StoreReport report)
    {
        json.WriteStartArray("snapshots");
        foreach (StoredSnapshot snapshot in report.Snapshots)
        {
            json.WriteStartObject();
            json.Field("file", Path.GetRelativePath(directory, snapshot.Path));
            json.Field("state", NameOf(snapshot.Condition));
            json.Field("bytes", snapshot.Bytes);
            json.Field("version", snapshot.Version);
            json.Field("position", snapshot.Position);
            json.Field("fault", snapshot.Fault);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("journal");
        foreach (JournalFile file in report.Journal)
        {
            json.WriteStartObject();
            json.Field("file", Path.GetRelativePath(directory, file.Path));
            json.Field("state", NameOf(file.Condition));
            json.Field("archived", file.IsArchived);
            json.Field("bytes", file.Bytes);
            json.Field("first_position", file.First);
            json.WriteStartObject("entries");
            foreach ((string kind, long count) in file.Entries) json.Field(kind, count);
            json.WriteEndObject();
            json.Field("unusable", file.Unusable);
            WriteDamage(json, file.Damage);
            json.Field("fault", file.Fault);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void WriteRecovery(Utf8JsonWriter json, RecoveryReport? recovery)
    {
        if (recovery is null)
        {
            json.WriteNull("recovery");
            return;
        }

        json.WriteStartObject("recovery");
        json.Field("snapshot", recovery.Snapshot.ToString().ToLowerInvariant());
        json.Field("from_position", recovery.From);
        json.Field("to_position", recovery.To);
        json.Field("entries", recovery.Entries);
        json.Field("decisions", recovery.Decisions);
        json.Field("outcomes", recovery.Outcomes);
        json.Field("left_out", recovery.LeftOut);
        WriteDamage(json, recovery.Damage);
        json.Field("faults", recovery.Faults);
        json.WriteEndObject();
    }

    /// <summary>What could not be brought back, a line each.</summary>
    public static IEnumerable<string> Losses(RecoveryReport recovery)
    {
        foreach (JournalDamage damage in recovery.Damage) yield return $"{Path.GetFileName(damage.Path)}: {Describe(damage)}";
        if (recovery.LeftOut > 0) yield return $"{Figures.Count(recovery.LeftOut)} whole entries of the journal cannot be used.";
        foreach (string fault in recovery.Faults) yield return fault;
    }

    public static string Describe(JournalDamage damage) =>
        $"{Figures.Count(damage.To - damage.From)} bytes at position {Figures.Count(damage.From)} {(damage.IsTail ? "were cut short by a crash or are being written" : "are damaged or missing")}";

    private static void WriteDamage(Utf8JsonWriter json, IReadOnlyList<JournalDamage> damages)
    {
        json.WriteStartArray("damage");
        foreach (JournalDamage damage in damages)
        {
            json.WriteStartObject();
            json.Field("from_position", damage.From);
            json.Field("to_position", damage.To);
            json.Field("tail", damage.IsTail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Words(string name) => name.Replace('_', ' ');
}
