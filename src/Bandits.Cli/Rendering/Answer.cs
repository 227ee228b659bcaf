using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>What a verb found out, ready to be printed as a table or as JSON.</summary>
internal abstract class Answer
{
    private static readonly JsonWriterOptions JsonOptions = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Exit code of the verb that gives this answer.</summary>
    public virtual int Code => ExitCode.Done;

    public abstract void WriteTable(IAnsiConsole console);

    public abstract void WriteJson(Utf8JsonWriter json);

    /// <summary>Prints to standard output; returns the exit code.</summary>
    public int Print(OutputFormat format)
    {
        if (format == OutputFormat.Table)
        {
            WriteTable(Terminal.Output);
            return Code;
        }

        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, JsonOptions)) WriteJson(json);
        output.Write("\n"u8);
        return Code;
    }
}

/// <summary>Ties a verb to the question it asks.</summary>
internal static class AnsweringCommand
{
    public static void AnswerWith(this Command command, Func<ParseResult, Answer> ask) =>
        command.SetAction(parsed => ask(parsed).Print(CommonOptions.FormatOf(parsed)));

    public static void AnswerWith(this Command command, Func<ParseResult, CancellationToken, Task<Answer>> ask) =>
        command.SetAction(async (parsed, cancellationToken) => (await ask(parsed, cancellationToken)).Print(CommonOptions.FormatOf(parsed)));
}
