using System.CommandLine;
using Bandits.Cli;
using Bandits.Cli.Verbs;
using Bandits.Storage;

RootCommand root = new("Routes tasks to the arm that should handle them, learns from what became of them, and answers questions about a history of executions.")
{
    ImportVerb.Create(), ExportVerb.Create(),
    SummaryVerb.Create(), ProvidersVerb.Create(), RankingsVerb.Create(), ModelVerb.Create(), PatternVerb.Create(), OptimizeVerb.Create(), RecentVerb.Create(),
    ArmsVerb.Create(), RouteVerb.Create(), RecordVerb.Create(), LearningVerb.Create(),
    StoreVerb.Create(), RaeVerb.Create(),
    DemoVerb.Create(),
};
root.Add(CommonOptions.Store);
root.Add(CommonOptions.Format);

ParseResult parsed = root.Parse(args);
try
{
    if (parsed.Errors.Count > 0) throw new UserErrorException($"{parsed.Errors[0].Message} (bandits --help lists what there is)");
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is UserErrorException or SnapshotException or ArgumentException or FormatException or InvalidDataException or IOException or UnauthorizedAccessException or InsufficientMemoryException)
{
    Console.Error.WriteLine($"bandits: {OneLine.Of(e)}");
    return ExitCode.UserError;
}
