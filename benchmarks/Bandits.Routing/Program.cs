using System.CommandLine;
using Bandits.Benchmarks.Report;
using Bandits.Routing;
using Bandits.Routing.Experiments;
using Bandits.Routing.Reporting;

const int UsageError = 2;

Option<T> Add<T>(string name, string valueName, string description) => new(name) { HelpName = valueName, Description = description };
var train = Add<string?>("--train", "FILE", "Outcomes to learn from before anything is judged, one choice a task. Default: half of the tasks that are judged, dealt anew by every seed.");
var test = Add<string?>("--test", "FILE", "Outcomes to be judged on, while learning goes on. Default: what ships, paretobandit-val and, for quality alone, routellm.");
var tasks = Add<string[]>("--tasks", "FILE", "Texts of the prompts, one line a task: task_id, prompt; may be given several times. Default: tasks.jsonl.gz or tasks.jsonl beside the outcomes, where there is one.");
var budgets = Add<string?>("--budgets", "USD,USD,...", "Budgets, USD a decision. Default: those of the published experiments.");
var experiment = Add<string[]>("--experiment", string.Join('|', Catalogue.Names), "Which experiments; may be given several times. Default: all that the outcomes allow.");
var seeds = Add<string?>("--seeds", "N", "Seeds. Default: 20.");
var threads = Add<string?>("--threads", "N", "Threads; the figures do not depend on it. Default: one a core.");
var format = Add<string?>("--format", "table|csv|json", "How the figures are printed. Default: table.");
var features = Add<string?>("--features", "area,text,area+text,none,shuffled", "What a request tells of its task: its area, what its prompt's text says, both, nothing, or the area of another task; experiment quality plays the last two always. Default: area.");
var newArm = Add<string?>("--new-arm", "MODEL", "The model that joins in experiment new-arm. Default: one that has not answered every task.");
var directory = Add<string?>("--out", "DIR", "Writes pictures there, PNG and SVG.");
var page = Add<string?>("--write", "FILE", "Writes the page (docs/routing.md); its pictures go to --out, or to the folder beside it named as the page.");

RootCommand root = new("""
    Routes real prompts to real models under a budget, through the real router, and reports quality and cost beside what hindsight could have had.

    An outcome file has one JSON line a task and model, packed (.gz) or not: task_id, area (may be null), model, reward in [0, 1] (null: no answer), cost_usd (may be null). Of the model chosen, the router
    is told reward and cost, of the others nothing. Features of texts are fitted to the prompts that are learnt from, then frozen; outcomes have no part in them. Prices come from a models.json beside the outcomes, else from the tasks that are learnt from.
    Bounds are linear programs over the very tasks judged: treating all alike, tasks of an area alike, tasks of a shuffled area alike, each by itself. Intervals are 95 % bootstrap over seeds.

    experiments:
      budgets      several budgets, nothing changes
      price-drift  the dearest model becomes 56 times cheaper for a third of the time, announced or not
      regression   the middle model gets worse for a third of the time and says nothing
      new-arm      a model joins: good and cheap, bad and cheap, good and dear
      quality      no budget, quality alone

    Exit code 2 for a wrong argument or file.
    """)
{
    train, test, tasks, budgets, experiment, seeds, threads, format, features, newArm, directory, page,
};

ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
root.SetAction(arguments =>
{
    Play(RunOptions.Check(args, new Asked
    {
        Train = arguments.GetValue(train),
        Test = arguments.GetValue(test),
        Tasks = arguments.GetValue(tasks) ?? [],
        Budgets = arguments.GetValue(budgets),
        Experiments = arguments.GetValue(experiment) ?? [],
        Seeds = arguments.GetValue(seeds),
        Threads = arguments.GetValue(threads),
        Format = arguments.GetValue(format),
        Features = arguments.GetValue(features),
        NewArm = arguments.GetValue(newArm),
        Out = arguments.GetValue(directory),
        Page = arguments.GetValue(page),
    }));
    return 0;
});

try
{
    if (parsed.Errors.Count > 0) throw new UsageException($"{parsed.Errors[0].Message} (--help lists what there is)");
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (UsageException e)
{
    Console.Error.WriteLine($"bandits-routing: {e.Message}");
    return UsageError;
}

static void Play(RunOptions options)
{
    var notes = new List<string>(options.Skipped);
    List<Study> studies = [.. options.Played.Select(played => StudyOf(played.Subject, played.Experiments, options, notes))];
    foreach (string note in notes) Console.Error.WriteLine($"note: {note}");
    using (Stream output = Console.OpenStandardOutput())
    {
        if (options.Format == OutputFormat.Json) JsonReport.Write(output, studies);
        else if (options.Format == OutputFormat.Csv) CsvReport.Write(output, studies);
        else TableReport.Write(output, studies);
    }

    string? folder = options.Out ?? (options.Page is null ? null : Path.ChangeExtension(Path.GetFullPath(options.Page), null));
    if (folder is null) return;
    try
    {
        List<(Study, IReadOnlyList<Picture>)> illustrated = studies.ConvertAll(study => (study, (IReadOnlyList<Picture>)Pictures.Write(folder, study, options.Seeds, options.Threads)));
        if (options.Page is not { } page) return;
        string pageFolder = Path.GetDirectoryName(Path.GetFullPath(page))!;
        Directory.CreateDirectory(pageFolder);
        using var text = new StreamWriter(page) { NewLine = "\n" };
        Page.Write(
            text, options, Machine.Describe(false, Environment.ProcessorCount, page), illustrated, Path.GetRelativePath(pageFolder, Path.GetFullPath(folder)).Replace('\\', '/'), notes);
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
        throw new UsageException($"what was asked for cannot be written: {e.Message}");
    }
}

static Study StudyOf(Subject subject, IReadOnlyList<string> experiments, RunOptions options, List<string> notes)
{
    var findings = new List<Finding>();
    var courses = new List<Course>();
    foreach (string name in experiments)
    {
        if (Catalogue.Lack(name, subject) is { } lack)
        {
            notes.Add($"experiment '{name}' is skipped on '{subject.Name}': {lack}.");
            continue;
        }

        IReadOnlyList<string> features = FeaturesOf(name, subject, options);
        foreach (Plan plan in Catalogue.Of(name, subject, options.Budgets))
        {
            (IReadOnlyList<Finding> found, IReadOnlyList<Course> course) = Laboratory.Run(subject, plan, features, options.Seeds, options.Threads);
            findings.AddRange(found);
            courses.AddRange(course);
        }
    }

    return new Study(subject, findings, courses);
}

// The page compares what texts add where nothing changes.
static IReadOnlyList<string> FeaturesOf(string experiment, Subject subject, RunOptions options)
{
    string[] more = options.Page is not null && (experiment is Catalogue.Budgets or Catalogue.Quality) && subject.LackOfPrompts() is null ? [Laboratory.Text, Laboratory.AreaAndText] : [];
    string[] checks = experiment == Catalogue.Quality ? [Laboratory.Nothing, Laboratory.Shuffled] : [];
    return [.. options.Features.Union(more).Union(checks)];
}
