using System.Text.Json;
using Bandits.Storage;
using Bandits.Storage.Journal;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>Whether a store is whole, file by file.</summary>
internal sealed class VerifyAnswer(string directory, StoreReport report) : Answer
{
    public override int Code => report.IsClean ? ExitCode.Done : ExitCode.Damaged;

    private string Verdict => report switch
    {
        { IsOfFuture: true } => "A later version wrote this store: use that one. Nothing was changed.",
        { IsClean: true } => "Whole: opening it uses every entry.",
        _ => "Not whole: bandits store repair brings back what can be.",
    };

    public override void WriteTable(IAnsiConsole console)
    {
        console.Write(StoreFields.Files(directory, report));
        foreach (StoredSnapshot snapshot in report.Snapshots)
            if (snapshot.Fault is { } fault) console.Line($"{Path.GetFileName(snapshot.Path)}: {fault}");
        foreach (JournalFile file in report.Journal)
        {
            string name = Path.GetRelativePath(directory, file.Path);
            foreach (JournalDamage damage in file.Damage) console.Line($"{name}: {StoreFields.Describe(damage)}");
            if (file.Unusable > 0) console.Line($"{name}: {Figures.Count(file.Unusable)} whole entries cannot be used");
            if (file.Fault is { } fault) console.Line($"{name}: {fault}");
        }

        if (report.Recovery is { } recovery)
            foreach (string loss in StoreFields.Losses(recovery)) console.Line($"opening it: {loss}");
        console.Line(Verdict);
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.Field("clean", report.IsClean);
        json.Field("future_version", report.IsOfFuture);
        StoreFields.WriteFiles(json, directory, report);
        StoreFields.WriteRecovery(json, report.Recovery);
        json.WriteEndObject();
    }
}
