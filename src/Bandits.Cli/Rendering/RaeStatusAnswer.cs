using System.Globalization;
using System.Text.Json;
using Bandits.Rae;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>How the exchange stands.</summary>
internal sealed class RaeStatusAnswer(RaeStatus status, string? endpoint, bool? isHealthy) : Answer
{
    private string Server => endpoint is null ? "not given" : $"{endpoint}, {(isHealthy == true ? "well" : "not well, or not there")}";

    public override void WriteTable(IAnsiConsole console) => console.Pairs(
        ("server", Server),
        ("sent", Figures.Count(status.Pushed)),
        ("of these known already", Figures.Count(status.Deduplicated)),
        ("tries repeated", Figures.Count(status.Retried)),
        ("refused for good", Figures.Count(status.Dead)),
        ("waiting", $"{Figures.Count(status.Waiting)}, {Figures.Count(status.WaitingBytes)} bytes"),
        ("windows", Figures.Count(status.Windows)),
        ("superseded unsent", Figures.Count(status.Superseded)),
        ("decisions left out", Figures.Count(status.RecordsLeftOut)),
        ("memories of no use", Figures.Count(status.BadMemories)),
        ("circuit", status.Circuit.ToString().ToLowerInvariant()),
        ("last success", Time(status.LastSuccessAt) ?? "never"),
        ("last error", status.LastError is { } error ? $"{Time(status.LastErrorAt)}: {error}" : "none"));

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.Field("endpoint", endpoint);
        json.Field("healthy", isHealthy);
        json.Field("pushed", status.Pushed);
        json.Field("deduplicated", status.Deduplicated);
        json.Field("retried", status.Retried);
        json.Field("dead", status.Dead);
        json.Field("waiting", status.Waiting);
        json.Field("waiting_bytes", status.WaitingBytes);
        json.Field("windows", status.Windows);
        json.Field("superseded", status.Superseded);
        json.Field("postponed", status.Postponed);
        json.Field("records_left_out", status.RecordsLeftOut);
        json.Field("bad_memories", status.BadMemories);
        json.Field("circuit", status.Circuit.ToString().ToLowerInvariant());
        json.Field("last_success_at", Time(status.LastSuccessAt));
        json.Field("last_error", status.LastError);
        json.Field("last_error_at", Time(status.LastErrorAt));
        json.WriteEndObject();
    }

    private static string? Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
