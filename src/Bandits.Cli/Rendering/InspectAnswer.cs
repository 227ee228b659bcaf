using System.Globalization;
using System.Text.Json;
using Bandits.Storage;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>What is in a store.</summary>
internal sealed class InspectAnswer(string directory, StoreReport report) : Answer
{
    private const int OpeningsShown = 5;

    public override int Code => report.IsOfFuture ? ExitCode.Damaged : ExitCode.Done;

    /// <summary>The last is this reading.</summary>
    private OpeningState[] Openings => report.State?.Openings[..^1] ?? [];

    public override void WriteTable(IAnsiConsole console)
    {
        console.Pairs(
            ("name", report.Name ?? "(none: it was never opened for writing)"),
            ("decisions", report.State is { } state ? Figures.Count(state.Sequence) : "-"),
            ("segments", report.State is { } s ? Figures.Count(SegmentsOf(s)) : "-"),
            ("dimensions", string.Join(", ", report.State?.Dimensions ?? [])),
            ("openings", report.State is null ? "-" : Figures.Count(Openings.Length == 0 ? 0 : Openings[^1].Number)));
        console.Write(StoreFields.Files(directory, report));
        if (report.State is not { } known)
        {
            console.Line("A later version wrote this store: use that one.");
            return;
        }

        WriteEntries(console);
        WriteOpenings(console);
        WriteArms(console, known);
        SpendFields.Write(console, report);
        if (known.Origins.Length == 0) return;
        Table origins = Layout.Table("origin", ">version", ">weight");
        foreach (OriginState origin in known.Origins) origins.Row(origin.Name, origin.Sequence.ToString(CultureInfo.InvariantCulture), Figures.Number(origin.Weight));
        console.Write(origins);
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.Field("name", report.Name);
        json.Field("future_version", report.IsOfFuture);
        StoreFields.WriteFiles(json, directory, report);
        if (report.State is { } state) WriteState(json, state);
        SpendFields.Write(json, report);
        json.WriteEndObject();
    }

    private static int SegmentsOf(RouterState state) => state.Segments.Count(segment => !segment.IsConditional);

    private void WriteEntries(IAnsiConsole console)
    {
        var kinds = new Dictionary<string, long>();
        foreach (JournalFile file in report.Journal)
            foreach ((string kind, long count) in file.Entries) kinds[kind] = kinds.GetValueOrDefault(kind) + count;
        console.Line("entries: " + (kinds.Count == 0 ? "none" : string.Join(", ", kinds.Select(kind => $"{kind.Key} {Figures.Count(kind.Value)}"))));
    }

    private void WriteOpenings(IAnsiConsole console)
    {
        Table table = Layout.Table(">opening", "incarnation", ">decisions after", ">up to");
        foreach (OpeningState opening in Openings.TakeLast(OpeningsShown))
            table.Row(Figures.Count(opening.Number), opening.Incarnation.ToString("x", CultureInfo.InvariantCulture), Figures.Count(opening.After), Figures.Count(opening.Last));
        console.Write(table);
    }

    private static void WriteArms(IAnsiConsole console, RouterState state)
    {
        Table table = Layout.Table("arm", "provider", "status");
        for (int arm = 0; arm < state.Arms.Length; arm++)
            table.Row(Figures.Name(state.Arms[arm].Id), state.Arms[arm].Provider, state.Status[arm].ToString().ToLowerInvariant());
        console.Write(table);
    }

    private void WriteState(Utf8JsonWriter json, RouterState state)
    {
        json.Field("dimensions", state.Dimensions);
        json.Field("sequence", state.Sequence);
        json.Field("segments", SegmentsOf(state));
        json.WriteStartArray("openings");
        foreach (OpeningState opening in Openings)
        {
            json.WriteStartObject();
            json.Field("number", opening.Number);
            json.Field("incarnation", opening.Incarnation.ToString("x16", CultureInfo.InvariantCulture));
            json.Field("after", opening.After);
            json.Field("last", opening.Last);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("arms");
        for (int arm = 0; arm < state.Arms.Length; arm++)
        {
            json.WriteStartObject();
            json.Field("id", state.Arms[arm].Id);
            json.Field("provider", state.Arms[arm].Provider);
            json.Field("status", state.Status[arm].ToString().ToLowerInvariant());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("origins");
        foreach (OriginState origin in state.Origins)
        {
            json.WriteStartObject();
            json.Field("name", origin.Name);
            json.Field("sequence", origin.Sequence);
            json.Field("weight", origin.Weight);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
