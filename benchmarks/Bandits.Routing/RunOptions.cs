using System.Globalization;
using Bandits.Routing.Experiments;

namespace Bandits.Routing;

/// <summary>How the figures are printed on standard output.</summary>
internal enum OutputFormat
{
    Table,
    Csv,
    Json,
}

/// <summary>The texts of the command line as they were given; null for what was not.</summary>
internal sealed record Asked
{
    public string? Train { get; init; }

    public string? Test { get; init; }

    public string[] Tasks { get; init; } = [];

    public string? Budgets { get; init; }

    public string[] Experiments { get; init; } = [];

    public string? Seeds { get; init; }

    public string? Threads { get; init; }

    public string? Format { get; init; }

    public string? Features { get; init; }

    public string? NewArm { get; init; }

    public string? Out { get; init; }

    public string? Page { get; init; }
}

/// <summary>What was asked for on the command line, checked and read.</summary>
internal sealed record RunOptions
{
    private const int DefaultSeeds = 20;

    private static readonly string[] KnownFeatures = [Laboratory.Area, Laboratory.Text, Laboratory.AreaAndText, Laboratory.Nothing, Laboratory.Shuffled];

    /// <summary>What is played, with the experiments on each; those that the outcomes do not allow are still among them.</summary>
    public required IReadOnlyList<(Subject Subject, IReadOnlyList<string> Experiments)> Played { get; init; }

    public required double[]? Budgets { get; init; }

    public required int Seeds { get; init; }

    public required int Threads { get; init; }

    public required OutputFormat Format { get; init; }

    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Folder of the pictures, or null.</summary>
    public string? Out { get; init; }

    /// <summary>File of the page, or null.</summary>
    public string? Page { get; init; }

    /// <summary>The arguments, for the page.</summary>
    public required string CommandLine { get; init; }

    /// <summary>What was left out, one line each.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <exception cref="UsageException">Something is unknown, out of range or cannot be read.</exception>
    public static RunOptions Check(string[] arguments, Asked asked)
    {
        foreach (string name in asked.Experiments)
            if (!Catalogue.Names.Contains(name)) throw new UsageException($"--experiment is '{name}'; the allowed values are {string.Join(", ", Catalogue.Names)}.");
        double[]? budgets = asked.Budgets is null ? null : [.. asked.Budgets.Split(',').Select(static text => Usd(text)).Distinct()];
        int seeds = asked.Seeds is null ? DefaultSeeds : Whole(asked.Seeds, "--seeds", 1, 100_000), threads = asked.Threads is null ? Environment.ProcessorCount : Whole(asked.Threads, "--threads", 1, 1024);
        OutputFormat format = FormatOf(asked.Format ?? "table");
        string[] features = asked.Features is null ? [KnownFeatures[0]] : [.. asked.Features.Split(',').Select(static name =>
            KnownFeatures.Contains(name) ? name : throw new UsageException($"--features is '{name}'; the allowed values are {string.Join(", ", KnownFeatures)}.")).Distinct()];
        bool isOfText = features.Any(Laboratory.IsOfText), readsPrompts = isOfText || asked.Page is not null;
        var skipped = new List<string>();
        IReadOnlyList<(Subject, IReadOnlyList<string>)> played = asked.Test is null && asked.Train is null ? Shipped(asked, readsPrompts, skipped) : [(Given(asked, readsPrompts, skipped), ExperimentsOf(asked))];
        if (isOfText && played.Select(static one => one.Item1.LackOfPrompts()).FirstOrDefault(static lack => lack is not null) is { } lack)
            throw new UsageException($"--features {string.Join(',', features)} needs the texts of the prompts: {lack}.");
        return new RunOptions
        {
            Played = played,
            Budgets = budgets,
            Seeds = seeds,
            Threads = threads,
            Format = format,
            Features = features,
            Out = asked.Out,
            Page = asked.Page,
            CommandLine = string.Join(' ', arguments.Select(static a => a.AsSpan().ContainsAny(" ;|") ? $"\"{a}\"" : a)),
            Skipped = skipped,
        };
    }

    private static IReadOnlyList<string> ExperimentsOf(Asked asked) => asked.Experiments.Length > 0 ? [.. asked.Experiments.Distinct()] : Catalogue.Names;

    private static Subject Given(Asked asked, bool readsPrompts, List<string> skipped)
    {
        Subject subject = Subject.Read(asked.Test ?? asked.Train!, asked.Test is null ? null : asked.Train, asked.Tasks, readsPrompts, asked.NewArm);
        skipped.AddRange(subject.LeftOut);
        return subject;
    }

    /// <summary>The sets that ship: one with costs for everything, one without for quality alone.</summary>
    private static List<(Subject, IReadOnlyList<string>)> Shipped(Asked asked, bool readsPrompts, List<string> skipped)
    {
        var played = new List<(Subject, IReadOnlyList<string>)>();
        IReadOnlyList<string> experiments = ExperimentsOf(asked);
        foreach ((string set, bool hasCosts) in ((string, bool)[])[("paretobandit-val", true), ("routellm", false)])
        {
            if (!hasCosts && !experiments.Contains(Catalogue.Quality)) continue;
            if (FileOf(set) is { } file) played.Add((Given(asked with { Test = file, NewArm = hasCosts ? asked.NewArm : null }, readsPrompts, skipped), hasCosts ? experiments : [Catalogue.Quality]));
            else skipped.Add($"the outcomes '{set}' are skipped: benchmarks/data/{set}/data.jsonl.gz is absent.");
        }

        return played.Count > 0 ? played : throw new UsageException("the outcomes that ship are absent: give --test FILE.");
    }

    private static string? FileOf(string set)
    {
        foreach (string start in (string[])[AppContext.BaseDirectory, Directory.GetCurrentDirectory()])
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                string file = Path.Combine(folder.FullName, "benchmarks", "data", set, "data.jsonl.gz");
                if (File.Exists(file)) return file;
            }
        }

        return null;
    }

    private static OutputFormat FormatOf(string text) => text switch
    {
        "table" => OutputFormat.Table,
        "csv" => OutputFormat.Csv,
        "json" => OutputFormat.Json,
        _ => throw new UsageException($"--format is '{text}'; the allowed values are table, csv, json."),
    };

    private static double Usd(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double usd) && usd is >= 1e-9 and <= 1e6
            ? usd : throw new UsageException($"--budgets has '{text}'; the allowed range is 1e-9 to 1e6 USD a decision.");

    private static int Whole(string text, string option, int least, int most) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number : throw new UsageException($"{option} is '{text}'; the allowed range is {least} to {most}, whole.");
}
