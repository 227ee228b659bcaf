using System.Text.Json;
using Bandits.Cli.Demo;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>The replay, the walk through a history, and what to try next.</summary>
internal sealed class DemoAnswer(ReplayAnswer replay, IReadOnlyList<WalkStep> steps) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        replay.WriteTable(console);
        console.Line();
        console.Heading("2. A history of the same models, one logged choice a task");
        foreach (WalkStep step in steps)
        {
            console.Line();
            console.Heading($"$ {step.Typed}");
            step.Answer.WriteTable(console);
        }

        console.Line();
        console.Heading("3. Try next");
        console.Line("bandits import your_execution_records.jsonl     bring in your own history");
        console.Line("bandits optimize                                where a cheaper model would do");
        console.Line("bandits arms --set arms.json                    describe prices and capabilities");
        console.Line("bandits route --role implementer --area api --risk low --explain");
        console.Line("bandits record TOKEN --outcome success --cost 0.12");
        console.Line("Models were not given your tasks at random, so let learning explore a little.");
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePropertyName("replay");
        replay.WriteJson(json);
        foreach (WalkStep step in steps)
        {
            json.WritePropertyName(step.Name);
            step.Answer.WriteJson(json);
        }

        json.WriteEndObject();
    }
}
