using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>Where text goes: colours only on a terminal and without NO_COLOR; 80 columns when piped.</summary>
internal static class Terminal
{
    private const int PipedColumns = 80;

    public static IAnsiConsole Output { get; } = Create(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>True when a person watches standard error.</summary>
    public static bool IsErrorWatched => !Console.IsErrorRedirected;

    /// <summary>A note that is not part of the answer.</summary>
    public static void Note(string text) => Console.Error.WriteLine($"note: {text}");

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        bool isPlain = isRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        if (isRedirected) console.Profile.Width = PipedColumns;
        return console;
    }
}
