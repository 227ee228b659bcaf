using System.Text.Json;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>What was exported.</summary>
internal sealed class ExportAnswer(string path, long records, long bytes) : Answer
{
    public override void WriteTable(IAnsiConsole console) => console.Line($"{Figures.Count(records)} records, {Figures.Count(bytes)} bytes of text -> {path}");

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.Field("file", path);
        json.Field("records", records);
        json.Field("bytes", bytes);
        json.WriteEndObject();
    }
}
