using System.CommandLine;

namespace Bandits.Cli;

/// <summary>How an answer is printed.</summary>
internal enum OutputFormat
{
    Table,
    Json,
}

/// <summary>The options that every verb takes.</summary>
internal static class CommonOptions
{
    public const string DefaultDirectory = ".bandits";
    public const string DirectoryVariable = "BANDITS_DIR";

    public static Option<string?> Store { get; } = new("--store")
    {
        Description = $"Store directory. Default: the variable {DirectoryVariable}, else {DefaultDirectory}.",
        HelpName = "DIR",
        Recursive = true,
    };

    public static Option<string> Format { get; } = Choice("--format", "How to print the answer.", ["table", "json"]);

    /// <summary>An option whose value is one of a few words, the first unless told otherwise.</summary>
    public static Option<string> Choice(string name, string description, string[] words)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => words[0],
            Recursive = name == "--format",
        };
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    public static OutputFormat FormatOf(ParseResult parsed) => parsed.GetValue(Format) == "json" ? OutputFormat.Json : OutputFormat.Table;

    public static string DirectoryOf(ParseResult parsed)
    {
        string? given = parsed.GetValue(Store) ?? Environment.GetEnvironmentVariable(DirectoryVariable);
        return string.IsNullOrEmpty(given) ? DefaultDirectory : given;
    }
}
