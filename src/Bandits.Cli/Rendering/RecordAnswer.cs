using System.Text.Json;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>What recording an outcome did.</summary>
internal sealed class RecordAnswer(Recorded recorded, Arm arm, Decision decision) : Answer
{
    private string Word => recorded switch
    {
        Recorded.Applied => "applied",
        Recorded.Corrected => "corrected",
        Recorded.AlreadyKnown => "already known",
        _ => "beyond horizon",
    };

    public override void WriteTable(IAnsiConsole console) => console.Line(recorded switch
    {
        Recorded.Applied => $"applied: {arm.Id} has learnt from decision {decision.Id}.",
        Recorded.Corrected => $"corrected: what was counted for decision {decision.Id} of {arm.Id} was taken back and counted anew.",
        Recorded.AlreadyKnown => $"already known: decision {decision.Id} was recorded before; nothing changed.",
        _ => $"beyond horizon: decision {decision.Id} is too old for the ledger; nothing changed.",
    });

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.Field("recorded", Word.Replace(' ', '_'));
        json.Field("model_id", arm.Id);
        json.Field("decision_id", decision.Id.ToString());
        json.WriteEndObject();
    }
}
