using System.Globalization;
using Bandits.Routing.Experiments;
using Bandits.Routing.Outcomes;

namespace Bandits.Routing;

/// <summary>How the figures are printed on standard output.</summary>
internal enum OutputFormat
{
    Table,
    Csv,
    Json,
}

/// <summary>What was asked for on the command line, checked and read.</summary>
internal sealed record RunOptions
{
    private const int DefaultSeeds = 20;

    /// <summary>A model that has answered fewer tasks than this is not of the set.</summary>
    private const double LeastAnswered = 0.9;

    private static readonly string[] KnownFeatures = ["area", "none", "shuffled"];

    public required Subject Subject { get; init; }

    public required IReadOnlyList<string> Experiments { get; init; }

    public required double[]? Budgets { get; init; }

    public required int Seeds { get; init; }

    public required int Threads { get; init; }

    public required OutputFormat Format { get; init; }

    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Folder of the pictures, or null.</summary>
    public string? Out { get; init; }

    /// <exception cref="UsageException">Something is unknown, out of range or cannot be read.</exception>
    public static RunOptions Check(
        string? train, string? test, string[] tasks, string? budgets, string[] experiments, string? seeds, string? threads, string? format, string? features, string? newArm, string? directory)
    {
        string judged = test ?? train ?? DefaultSet() ?? throw new UsageException("the outcomes 'paretobandit-val' are absent: give --test FILE.");
        string? learnt = test is null ? null : train;
        OutcomeSet testSet = OutcomeSet.Read(judged);
        OutcomeSet? trainSet = learnt is null ? null : OutcomeSet.Read(learnt);
        foreach (string file in tasks)
        {
            testSet.ReadPrompts(file);
            trainSet?.ReadPrompts(file);
        }

        foreach (string name in experiments)
            if (!Catalogue.Names.Contains(name)) throw new UsageException($"--experiment is '{name}'; the allowed values are {string.Join(", ", Catalogue.Names)}.");
        return new RunOptions
        {
            Subject = SubjectOf(testSet, trainSet, judged, learnt, newArm),
            Experiments = experiments.Length > 0 ? experiments : Catalogue.Names,
            Budgets = budgets is null ? null : [.. budgets.Split(',').Select(static text => Usd(text))],
            Seeds = seeds is null ? DefaultSeeds : Whole(seeds, "--seeds", 1, 100_000),
            Threads = threads is null ? Environment.ProcessorCount : Whole(threads, "--threads", 1, 1024),
            Format = (format ?? "table") switch
            {
                "table" => OutputFormat.Table,
                "csv" => OutputFormat.Csv,
                "json" => OutputFormat.Json,
                _ => throw new UsageException($"--format is '{format}'; the allowed values are table, csv, json."),
            },
            Features = features is null ? ["area"] : [.. features.Split(',').Select(static name =>
                KnownFeatures.Contains(name) ? name : throw new UsageException($"--features is '{name}'; the allowed values are {string.Join(", ", KnownFeatures)}."))],
            Out = directory,
        };
    }

    /// <summary>
    /// The arms: models that have answered every task of both files take part from the beginning. One model that has not, or one that is named, joins later; the tasks that it has not answered are then
    /// left out of that experiment alone.
    /// </summary>
    private static Subject SubjectOf(OutcomeSet test, OutcomeSet? train, string testFile, string? trainFile, string? newArm)
    {
        IEnumerable<string> known = test.Models.Where(model => test.AnsweredBy(model) >= LeastAnswered && (train is null || train.AnsweredBy(model) >= LeastAnswered));
        string[] complete = [.. known.Where(model => test.AnsweredBy(model) == 1 && (train is null || train.AnsweredBy(model) == 1))];
        if (newArm is not null && !known.Contains(newArm)) throw new UsageException($"--new-arm is '{newArm}'; the models are {string.Join(", ", known)}.");
        string? joins = newArm ?? known.FirstOrDefault(model => !complete.Contains(model));
        string[] established = [.. complete.Where(model => model != joins)];
        if (established.Length < 2) throw new UsageException($"'{testFile}' has {established.Length} model(s) that answered every task; at least 2 are needed.");
        string[] models = joins is null ? established : [.. established, joins];
        RoutingTask[] testTasks = test.Restrict(models), trainTasks = train?.Restrict(models) ?? testTasks;
        return new Subject
        {
            Name = test.Name,
            Arms = PriceList.ArmsOf(models, trainFile is null ? [testFile] : [trainFile, testFile], trainTasks),
            Established = established.Length,
            Train = train is null ? null : train.Restrict(established),
            Test = test.Restrict(established),
            WithNewArm = joins is null ? null : testTasks,
            HasCosts = test.HasCosts && train is not { HasCosts: false },
        };
    }

    private static string? DefaultSet()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine(folder.FullName, "benchmarks", "data", "paretobandit-val", "data.jsonl.gz");
            if (File.Exists(file)) return file;
        }

        return null;
    }

    private static double Usd(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double usd) && usd is >= 1e-9 and <= 1e6
            ? usd : throw new UsageException($"--budgets has '{text}'; the allowed range is 1e-9 to 1e6 USD a decision.");

    private static int Whole(string text, string option, int least, int most) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number : throw new UsageException($"{option} is '{text}'; the allowed range is {least} to {most}, whole.");
}
