using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.History;

namespace Bandits.Cli.Verbs;

/// <summary><c>export FILE</c>: the history in the format it came in.</summary>
internal static class ExportVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Where to write; '-' for standard output, a name ending in .gz is compressed." };
        var verb = new Command("export", "Write the history back in the format it came in.") { file };
        verb.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            using HistoryStore history = StoreDirectory.Of(parsed).ReadHistory();
            if (path == "-")
            {
                using Stream output = Console.OpenStandardOutput();
                history.Export(output);
                return ExitCode.Done;
            }

            long bytes = history.ExportFile(path);
            return new ExportAnswer(path, history.History.RecordCount, bytes).Print(CommonOptions.FormatOf(parsed));
        });
        return verb;
    }
}
