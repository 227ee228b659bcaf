using System.CommandLine;
using Bandits.Routing;
using Bandits.Routing.Experiments;
using Bandits.Routing.Reporting;

const int UsageError = 2;

Option<T> Add<T>(string name, string valueName, string description) => new(name) { HelpName = valueName, Description = description };
var train = Add<string?>("--train", "FILE", "Outcomes to learn from, one choice a task, before anything is judged. Default: the first half of what is judged.");
var test = Add<string?>("--test", "FILE", "Outcomes to be judged on, while learning goes on. Default: paretobandit-val, halved anew by every seed.");
var tasks = Add<string[]>("--tasks", "FILE", "Texts of the prompts; may be given several times.");
var budgets = Add<string?>("--budgets", "USD,USD,...", "Budgets, USD a decision. Default: those of the published experiments.");
var experiment = Add<string[]>("--experiment", string.Join('|', Catalogue.Names), "Which experiments; may be given several times. Default: all that the outcomes allow.");
var seeds = Add<string?>("--seeds", "N", "Seeds. Default: 20.");
var threads = Add<string?>("--threads", "N", "Threads; the figures do not depend on it. Default: one a core.");
var format = Add<string?>("--format", "table|csv|json", "How the figures are printed. Default: table.");
var features = Add<string?>("--features", "area,none,shuffled", "What a request tells of its task: its area, nothing, or the area of another task. Default: area.");
var newArm = Add<string?>("--new-arm", "MODEL", "The model that joins in experiment new-arm. Default: the one that has not answered every task.");
var directory = Add<string?>("--out", "DIR", "Writes pictures there, PNG and SVG.");

RootCommand root = new("""
    Routes real prompts to real models under a budget, through the real router, and reports quality and cost beside what hindsight could have had.

    Each outcome file has one line a task and model: task_id, area, model, reward in [0, 1], cost_usd. Of the model chosen, the router is told reward and cost, of the others nothing.
    Bounds are linear programs over the very tasks judged: treating all alike, tasks of an area alike, tasks of a shuffled area alike, each by itself. Intervals are 95 % bootstrap over seeds.

    Exit code 2 for a wrong argument.
    """)
{
    train, test, tasks, budgets, experiment, seeds, threads, format, features, newArm, directory,
};

ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
root.SetAction(arguments =>
{
    RunOptions options = RunOptions.Check(
        arguments.GetValue(train), arguments.GetValue(test), arguments.GetValue(tasks) ?? [], arguments.GetValue(budgets), arguments.GetValue(experiment) ?? [], arguments.GetValue(seeds),
        arguments.GetValue(threads), arguments.GetValue(format), arguments.GetValue(features), arguments.GetValue(newArm), arguments.GetValue(directory));
    return Play(options);
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

static int Play(RunOptions options)
{
    var findings = new List<Finding>();
    foreach (string name in options.Experiments)
    {
        Plan[] plans = [.. Catalogue.Of(name, options.Subject, options.Budgets)];
        if (plans.Length == 0) Console.Error.WriteLine($"note: experiment '{name}' is skipped: '{options.Subject.Name}' has no costs, too few models, or none that joins later.");
        foreach (Plan plan in plans) findings.AddRange(Laboratory.Run(options.Subject, plan, name == Catalogue.Quality ? [.. options.Features.Union(["shuffled"])] : options.Features, options.Seeds, options.Threads));
    }

    using Stream output = Console.OpenStandardOutput();
    switch (options.Format)
    {
        case OutputFormat.Json:
            JsonReport.Write(output, options.Subject, findings);
            break;
        case OutputFormat.Csv:
            CsvReport.Write(output, options.Subject, findings);
            break;
        default:
            TableReport.Write(output, options.Subject, findings);
            break;
    }

    return 0;
}
