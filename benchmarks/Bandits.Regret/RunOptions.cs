using System.Globalization;
using Bandits.Regret.Environments;
using Bandits.Regret.Policies;

namespace Bandits.Regret;

/// <summary>How the figures are printed on standard output.</summary>
internal enum OutputFormat
{
    Table,
    Csv,
    Json,
}

/// <summary>One environment and the policies that play it, each with its number of seeds.</summary>
internal sealed record PlannedStudy(Instance Instance, IReadOnlyList<(PolicyEntry Policy, int Seeds)> Policies);

/// <summary>What was asked for on the command line, checked.</summary>
internal sealed record RunOptions
{
    private const int DefaultHorizon = 10_000;
    private const int MostHorizon = 100_000_000;
    private const int MostSeeds = 1_000_000;
    private const int QuickSeeds = 30;

    /// <summary>Seeds of an environment that is not of the standing set; also the most that a slow policy gets.</summary>
    private const int UsualSeeds = 200;

    /// <summary>Most seeds, unless asked for, of a policy whose every decision takes many microseconds.</summary>
    private const int SlowSeeds = 20;

    public bool IsQuick { get; init; }

    public OutputFormat Format { get; init; }

    /// <summary>Folder of the pictures, or null.</summary>
    public string? Out { get; init; }

    /// <summary>File of the page, or null.</summary>
    public string? Page { get; init; }

    public int Threads { get; init; }

    /// <summary>The arguments, for the page.</summary>
    public required string CommandLine { get; init; }

    public required IReadOnlyList<PlannedStudy> Studies { get; init; }

    /// <summary>What could not be played, one line each.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>Checks the texts of the options; null for one that was not given.</summary>
    /// <exception cref="UsageException">Something is unknown or out of range.</exception>
    public static RunOptions Check(
        string[] arguments, string[] environments, string? policies, string? horizon, string? seeds, string? threads, string? format,
        string? directory, string? page, bool isQuick)
    {
        int rounds = horizon is null ? DefaultHorizon : Whole(horizon, "--horizon", 1, MostHorizon);
        int? seedCount = seeds is null ? null : Whole(seeds, "--seeds", 1, MostSeeds);
        var skipped = new List<string>();
        var studies = new List<PlannedStudy>();
        IEnumerable<string> texts = environments.Length > 0 ? environments : Standing(isQuick, skipped);
        foreach (string text in texts)
        {
            Instance instance = EnvironmentGrammar.Parse(text).Over(rounds);
            NamedEnvironment? named = NamedEnvironments.Find(text);
            IEnumerable<PolicyEntry> fitting = Fitting(instance);
            IEnumerable<PolicyEntry> playing = policies is not null ? PolicyBook.Read(policies, fitting, instance.Arms)
                : environments.Length == 0 && named?.Policies is { } own ? own.Select(PolicyBook.Find).OfType<PolicyEntry>()
                : isQuick ? fitting.Where(static policy => policy.IsQuick) : fitting;
            studies.Add(new PlannedStudy(instance, [.. playing.Select(policy => (policy, seedCount ?? SeedsOf(policy, named, isQuick)))]));
        }

        return new RunOptions
        {
            IsQuick = isQuick,
            Format = FormatOf(format ?? "table"),
            Out = directory,
            Page = page,
            Threads = threads is null ? Environment.ProcessorCount : Whole(threads, "--threads", 1, 1024),
            CommandLine = string.Join(' ', arguments.Select(static a => a.AsSpan().ContainsAny(" ;|") ? $"\"{a}\"" : a)),
            Studies = studies,
            Skipped = skipped,
        };
    }

    private static List<string> Standing(bool isQuick, List<string> skipped)
    {
        var texts = new List<string>();
        foreach (NamedEnvironment named in NamedEnvironments.All)
        {
            if (isQuick && !named.IsQuick) continue;
            if (named.RealSet is null || RealOutcomes.PathOf(named.RealSet) is not null) texts.Add(named.Name);
            else skipped.Add($"environment '{named.Name}' is skipped: the real outcomes '{named.RealSet}' are in neither benchmarks/data nor ../shared/data.");
        }

        return texts;
    }

    /// <summary>What "all" means for an environment: not the yardsticks where nothing breaks, nothing beyond its number of arms.</summary>
    private static IEnumerable<PolicyEntry> Fitting(Instance instance) =>
        PolicyBook.Entries.Where(policy => policy.MostArms >= instance.Arms && !(policy.IsYardstick && !instance.Breaks.Any()));

    private static int SeedsOf(PolicyEntry policy, NamedEnvironment? named, bool isQuick)
    {
        int seeds = isQuick ? QuickSeeds : named?.Seeds ?? UsualSeeds;
        return policy.IsSlow ? Math.Min(seeds, SlowSeeds) : seeds;
    }

    private static OutputFormat FormatOf(string text) => text switch
    {
        "table" => OutputFormat.Table,
        "csv" => OutputFormat.Csv,
        "json" => OutputFormat.Json,
        _ => throw new UsageException($"--format is '{text}'; the allowed values are table, csv, json."),
    };

    private static int Whole(string text, string option, int least, int most) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number : throw new UsageException($"{option} is '{text}'; the allowed range is {least} to {most}, whole.");
}
