using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.Storage;

namespace Bandits.Cli.Verbs;

/// <summary><c>store inspect</c>: what is in a store; with <c>--entries</c> the decision log.</summary>
internal static class StoreInspectVerb
{
    public static Command Create()
    {
        var entries = new Option<bool>("--entries") { Description = "Print the entries of the journal and its archive instead, one JSON object a line." };
        var from = new Option<long>("--from") { Description = "Position of the first entry to print.", HelpName = "POSITION" };
        var count = new Option<long>("--count") { Description = "Most entries to print. Default: all.", HelpName = "N", DefaultValueFactory = _ => long.MaxValue };
        var verb = new Command("inspect", "Show what is in the store. Changes nothing.") { entries, from, count };
        verb.SetAction(parsed =>
        {
            StoreDirectory store = StoreDirectory.Existing(parsed);
            bool isRange = parsed.GetResult(from) is { Implicit: false } || parsed.GetResult(count) is { Implicit: false };
            if (!parsed.GetValue(entries))
                return isRange ? throw new UserErrorException("--from and --count say which entries to print; give --entries, too.") : new InspectAnswer(store.Path, StoreReport.Read(store.Path)).Print(CommonOptions.FormatOf(parsed));
            (long first, long most) = (parsed.GetValue(from), parsed.GetValue(count));
            if (first < 0) throw new UserErrorException($"--from is {first}; the allowed range is 0 or more.");
            if (most < 0) throw new UserErrorException($"--count is {most}; the allowed range is 0 or more.");
            using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
            DecisionLog.Write(store.Path, first, most, output);
            return ExitCode.Done;
        });
        return verb;
    }
}
