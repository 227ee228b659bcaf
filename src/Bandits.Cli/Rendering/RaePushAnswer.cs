using System.Text.Json;
using Bandits.Rae;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>What a push did.</summary>
internal sealed class RaePushAnswer(PushReport report, RaeStatus status) : Answer
{
    public override int Code => report.Waiting > 0 ? ExitCode.Waiting : ExitCode.Done;

    public override void WriteTable(IAnsiConsole console)
    {
        console.Pairs(
            ("sent", Figures.Count(report.Pushed)), ("of these known already", Figures.Count(report.Deduplicated)), ("refused for good", Figures.Count(report.Dead)),
            ("waiting", Figures.Count(report.Waiting)), ("decisions left out", Figures.Count(status.RecordsLeftOut)));
        if (report.Error is { } error) console.Line(error);
        if (report.Dead > 0) console.Line("What was refused is in rae/dead.jsonl in the store, with the reason.");
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.Field("pushed", report.Pushed);
        json.Field("deduplicated", report.Deduplicated);
        json.Field("dead", report.Dead);
        json.Field("waiting", report.Waiting);
        json.Field("records_left_out", status.RecordsLeftOut);
        json.Field("error", report.Error);
        json.WriteEndObject();
    }
}
