using System.CommandLine;
using Bandits.Regret;
using Bandits.Regret.Environments;
using Bandits.Regret.Policies;
using Bandits.Regret.Reporting;
using Bandits.Regret.Running;

const int UsageError = 2;

Option<T> Add<T>(string name, string valueName, string description) => new(name) { HelpName = valueName, Description = description };
var environments = Add<string[]>("--environment", "ENV", "What is played, in the language above; may be given several times. Default: the standing set.");
var policies = Add<string?>("--policies", "all|A,B,...", "Which policies, by name. Default: all that suit the environment.");
var horizon = Add<string?>("--horizon", "T", "Rounds. Default: 10000.");
var seeds = Add<string?>("--seeds", "N", "Seeds. Default: 200; in the standing set 1,000 where cheap, 20 for a thousand arms.");
var format = Add<string?>("--format", "table|csv|json", "How the figures are printed. Default: table.");
var directory = Add<string?>("--out", "DIR", "Writes pictures there, PNG and SVG, one of each for an environment.");
var page = Add<string?>("--write", "FILE", "Writes the page (docs/regret.md); its pictures go to --out, or to the folder beside it named as the page.");
var threads = Add<string?>("--threads", "N", "Threads; the figures do not depend on it. Default: one a core.");
var quick = new Option<bool>("--quick") { Description = "30 seeds, four environments, under 20 s: shows that everything runs." };

RootCommand root = new($"""
    The regret laboratory: plays policies in seeded environments through the real router and reports mean cumulative pseudo-regret ± standard error.

    {EnvironmentGrammar.Text}

    named environments:
    {string.Join('\n', NamedEnvironments.All.Select(static e => $"  {e.Name,-18} {e.Text}"))}

    policies, each also as NAME/pooled (segments borrow from each other) and NAME/floor=SHARE (that share spread evenly over all arms):
    {string.Join('\n', PolicyBook.Entries.Select(static p => $"  {p.Name,-28} {p.About}"))}

    Exit code 2 for a wrong argument.
    """)
{
    environments, policies, horizon, seeds, format, directory, page, threads, quick,
};

// '@' before breaks is no response file.
ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
root.SetAction(arguments =>
{
    RunOptions options = RunOptions.Check(
        args, arguments.GetValue(environments) ?? [], arguments.GetValue(policies), arguments.GetValue(horizon), arguments.GetValue(seeds),
        arguments.GetValue(threads), arguments.GetValue(format), arguments.GetValue(directory), arguments.GetValue(page), arguments.GetValue(quick));
    Play(options);
    return 0;
});

try
{
    if (parsed.Errors.Count > 0) throw new UsageException($"{parsed.Errors[0].Message} (--help lists what there is)");
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (UsageException e)
{
    Console.Error.WriteLine($"bandits-regret: {e.Message}");
    return UsageError;
}

static void Play(RunOptions options)
{
    foreach (string note in options.Skipped) Console.Error.WriteLine($"note: {note}");
    var studies = new List<Study>();
    ProgressLine.Show(show =>
    {
        foreach (PlannedStudy planned in options.Studies)
        {
            string name = planned.Instance.Name;
            studies.Add(Laboratory.Run(planned.Instance, planned.Policies, options.Threads, show is null ? null : (done, total) => show(name, done, total)));
        }
    });

    using Stream output = Console.OpenStandardOutput();
    if (options.Format == OutputFormat.Json)
    {
        JsonReport.Write(output, studies);
    }
    else
    {
        using var writer = new StreamWriter(output) { NewLine = "\n" };
        if (options.Format == OutputFormat.Csv) CsvReport.Write(writer, studies);
        else studies.ForEach(study => TableReport.Write(writer, study));
    }

    string? folder = options.Out ?? (options.Page is null ? null : Path.ChangeExtension(Path.GetFullPath(options.Page), null));
    if (folder is null) return;
    List<string> pictures = studies.ConvertAll(study => Picture.Write(folder, study));
    if (options.Page is null) return;
    string pageFolder = Path.GetDirectoryName(Path.GetFullPath(options.Page))!;
    Directory.CreateDirectory(pageFolder);
    using var text = new StreamWriter(options.Page) { NewLine = "\n" };
    Page.Write(text, options, studies, options.Skipped, Path.GetRelativePath(pageFolder, Path.GetFullPath(folder)).Replace('\\', '/'), pictures);
}
