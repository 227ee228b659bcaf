using System.CommandLine;
using System.Globalization;
using Bandits;
using Bandits.Benchmarks.Report;
using Bandits.Reliability;
using Bandits.Reliability.Fuzzing;
using Bandits.Reliability.Kills;
using Bandits.Reliability.Soaks;
using Bandits.Reliability.Walks;
using Bandits.Storage;

const int UsageError = 2;

var isLong = new Option<bool>("--long") { Description = "Ten times the walks, thirty times the kills, ten minutes of soak, a million inputs: about half an hour." };
var only = new Option<string[]>("--only") { HelpName = "walks|kill|soak|fuzz", Description = "Only this suite; may be given several times." }.AcceptOnlyFromAmong("walks", "kill", "soak", "fuzz");
var seed = new Option<int>("--seed") { HelpName = "N", Description = "Seed of everything drawn. Default: 1.", DefaultValueFactory = static _ => 1 };
var page = new Option<string?>("--write") { HelpName = "FILE", Description = "Writes the page (docs/reliability.md)." };
var again = new Option<string?>("--again") { HelpName = "FILE", Description = "Takes the walk in the file, as a failure prints it, a hundred times." };
var durability = new Option<Durability>("--durability") { Description = "Durability of that walk, or of the writer.", DefaultValueFactory = static _ => Durability.EachCommit };
var strategy = new Option<Strategy>("--strategy") { Description = "Strategy of that walk.", DefaultValueFactory = static _ => Strategy.Learning };
var writer = new Option<string?>("--writer") { Hidden = true };
var threads = new Option<int>("--threads") { Hidden = true };
var phase = new Option<Phase>("--phase") { Hidden = true };
var at = new Option<int>("--at") { Hidden = true };

RootCommand root = new("""
    Tries to make a store lose or miscount what it has acknowledged: random walks on a simulated disk, real processes killed, a soak, hostile files.

    One line a suite. Exit code 1, and how to see it again, when a promise was broken; 2 for a wrong argument.
    """)
{
    isLong, only, seed, page, again, durability, strategy, writer, threads, phase, at,
};

ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
root.SetAction(arguments =>
{
    if (arguments.GetValue(writer) is { } directory) return Writer.Run(directory, arguments.GetValue(durability), arguments.GetValue(strategy), arguments.GetValue(threads), arguments.GetValue(phase), arguments.GetValue(at));
    if (arguments.GetValue(again) is { } file)
    {
        Console.WriteLine(WalkSuite.Again(File.ReadAllText(file), arguments.GetValue(durability), arguments.GetValue(strategy), arguments.GetValue(seed)));
        return 0;
    }

    return Run(arguments.GetValue(isLong) ? Tier.Long : Tier.Push, arguments.GetValue(only) ?? [], arguments.GetValue(seed), arguments.GetValue(page));
});

if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"bandits-reliability: {parsed.Errors[0].Message} (--help lists what there is)");
    return UsageError;
}

return parsed.Invoke();

static int Run(Tier tier, string[] only, int seed, string? page)
{
    (string Name, Func<Tier, int, SuiteReport> Run)[] suites = [("walks", WalkSuite.Run), ("kill", KillSuite.Run), ("soak", SoakSuite.Run), ("fuzz", FuzzSuite.Run)];
    Machine machine = Machine.Describe(isPinned: false, Environment.ProcessorCount, page); // before: the commit is that of what is run
    var reports = new List<SuiteReport>();
    int broken = 0;
    foreach ((string name, Func<Tier, int, SuiteReport> run) in suites)
    {
        if (only.Length > 0 && !only.Contains(name)) continue;
        try
        {
            reports.Add(run(tier, seed));
            Console.WriteLine(reports[^1]);
        }
        catch (BrokenPromiseException e)
        {
            broken++;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: BROKEN, seed {seed}: {e.Message}"));
        }
    }

    if (page is not null && broken == 0) File.WriteAllText(page, Page.Of(tier, seed, machine, [.. suites.Select(suite => suite.Name)], reports, File.Exists(page) ? File.ReadAllText(page) : null));
    return broken == 0 ? 0 : 1;
}
