using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.History;
using Bandits.Storage;

namespace Bandits.Cli.Verbs;

/// <summary><c>import FILE...</c>: keeps the new records of histories, and lets the router learn from all of them.</summary>
internal static class ImportVerb
{
    private const int RejectionsShown = 5;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Histories as .jsonl or .jsonl.gz; '-' for standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var rejects = new Option<string?>("--rejects") { Description = "Copy every rejected line to this file, as it was.", HelpName = "FILE" };
        var strict = new Option<bool>("--strict") { Description = "Stop at the first line that must be rejected, with exit code 2." };
        Option<double> weight = RoutingChoices.HistoryWeightOption();
        var verb = new Command("import", "Import histories and learn from them; a record that is known already is not counted again.")
        {
            files, rejects, strict, weight,
        };
        verb.AnswerWith(parsed =>
        {
            string[] sources = parsed.GetValue(files)!;
            foreach (string source in sources)
                if (source != "-" && !File.Exists(source)) throw new UserErrorException($"There is no file '{source}'.");
            StoreDirectory store = StoreDirectory.Of(parsed);
            using StoreLock held = store.Lock();
            return Import(store, held, sources, parsed.GetValue(rejects), parsed.GetValue(strict), parsed.GetValue(weight));
        });
        return verb;
    }

    private static ImportAnswer Import(StoreDirectory store, StoreLock held, string[] sources, string? rejectsPath, bool isStrict, double weight)
    {
        using HistoryStore history = HistoryStore.Open(store.Path);
        if (history.TornBytesCut > 0) Terminal.Note($"A last line of {history.TornBytesCut} bytes, torn by a crash, was cut from the store's history.");
        var accounts = new List<ImportAccount>();
        long start = TimeProvider.System.GetTimestamp();
        using (FileStream? rejects = rejectsPath is null ? null : new FileStream(rejectsPath, FileMode.Create, FileAccess.Write))
        {
            foreach (string source in sources)
            {
                ImportAccount account = ImportProgressBar.Show(source, onProgress => ImportOne(history, source, new ImportOptions
                {
                    SourceName = source,
                    Strict = isStrict,
                    Rejects = rejects,
                    RejectionsKept = RejectionsShown,
                    OnProgress = onProgress,
                }));
                accounts.Add(account);
                if (!account.IsComplete) break;
            }
        }

        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        Learn(store, held, history, weight);
        return new ImportAnswer(accounts, history.History.RecordCount, seconds);
    }

    private static ImportAccount ImportOne(HistoryStore history, string source, ImportOptions options)
    {
        if (source != "-") return history.ImportFile(source, options);
        using Stream input = Console.OpenStandardInput();
        return history.Import(input, options);
    }

    private static void Learn(StoreDirectory store, StoreLock held, HistoryStore history, double weight)
    {
        List<DescribedArm> known = store.Arms.Read(), arms = HistoryLessons.WithModels(known, history.History.Evidence());
        if (arms.Count == 0) return;
        if (arms.Count > known.Count) store.Arms.Write(arms);
        using StoredRouter stored = StoredRouter.Open(store, held, store.LastOptions(), weight, seed: null);
        HistoryLessons.Teach(stored.Router, history, weight);
        stored.Flush();
    }
}
