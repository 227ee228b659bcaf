using System.Text.Json;
using Bandits.Cli.Stores;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>What compacting saved.</summary>
internal sealed class CompactAnswer(StoreSize before, StoreSize after) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        Table table = Layout.Table("", ">bytes before", ">after");
        table.Row("snapshots", Figures.Count(before.Snapshots), Figures.Count(after.Snapshots));
        table.Row("journal", Figures.Count(before.Journal), Figures.Count(after.Journal));
        table.Row("archive", Figures.Count(before.Archive), Figures.Count(after.Archive));
        console.Write(table);
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Write(json, "before", before);
        Write(json, "after", after);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, StoreSize size)
    {
        json.WriteStartObject(name);
        json.Field("snapshots", size.Snapshots);
        json.Field("journal", size.Journal);
        json.Field("archive", size.Archive);
        json.WriteEndObject();
    }
}
