using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.Storage;

namespace Bandits.Cli.Verbs;

/// <summary><c>arms</c>: who there is to choose from.</summary>
internal static class ArmsVerb
{
    public static Command Create()
    {
        var set = new Option<string?>("--set")
        {
            Description = "Describe arms from a JSON array ('-' for standard input): id, provider, tier (fast, standard, advanced), capabilities, input_usd_per_million_tokens, "
                + "output_usd_per_million_tokens, context_window, similar_to, prior_from_price_tier, exploration_usd, status (enabled, disabled, retired). Known arms are described anew, others stay.",
            HelpName = "FILE",
        };
        var verb = new Command("arms", "Show the arms of the store, or describe them.") { set };
        verb.AnswerWith(parsed =>
        {
            StoreDirectory store = StoreDirectory.Of(parsed);
            if (parsed.GetValue(set) is not { } file) return new ArmsAnswer(store.Arms.Read());
            List<DescribedArm> described = ArmText.Parse(ReadAll(file), file == "-" ? "standard input" : file);
            using StoreLock held = store.Lock();
            List<DescribedArm> all = ArmFile.Merge(store.Arms.Read(), described);

            // Refuses what no router could hold.
            if (all.Count > 0) StoredRouter.Open(store, held, store.LastOptions(), historyWeight: null, seed: null, all).Dispose();
            store.Arms.Write(all);
            return new ArmsAnswer(all);
        });
        return verb;
    }

    private static byte[] ReadAll(string file)
    {
        if (file != "-")
        {
            if (!File.Exists(file)) throw new UserErrorException($"There is no file '{file}'.");
            return File.ReadAllBytes(file);
        }

        using Stream input = Console.OpenStandardInput();
        using var buffer = new MemoryStream();
        input.CopyTo(buffer);
        return buffer.ToArray();
    }
}
