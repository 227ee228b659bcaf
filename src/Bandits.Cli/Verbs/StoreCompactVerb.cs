using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.Storage;

namespace Bandits.Cli.Verbs;

/// <summary><c>store compact</c>: saves snapshots and archives the journal they make unnecessary.</summary>
internal static class StoreCompactVerb
{
    public static Command Create()
    {
        var archive = new Option<long>("--archive-bytes")
        {
            Description = "Bytes of older journal to keep in the folder archive, for evaluation; the oldest go first, 0 keeps none.",
            HelpName = "N",
            DefaultValueFactory = _ => StoreDirectory.Keeping.ArchiveBytes,
        };
        var verb = new Command("compact", "Save what was learnt, so that opening reads little, and archive the journal that is no longer needed.") { archive };
        verb.AnswerWith(parsed =>
        {
            StoreDirectory store = StoreDirectory.Existing(parsed);
            if (parsed.GetValue(archive) is < 0 and var bytes) throw new UserErrorException($"--archive-bytes is {bytes}; the allowed range is 0 or more.");
            using StoreLock held = store.Lock();
            RouterStoreOptions keeping = StoreDirectory.Keeping;
            keeping.ArchiveBytes = parsed.GetValue(archive);
            StoreSize before = StoreSize.Of(store.Path);
            Compact(store, keeping, held);
            return new CompactAnswer(before, StoreSize.Of(store.Path));
        });
        return verb;
    }

    /// <summary>Both generations of the snapshot are to hold everything, for the journal is archived up to the older.</summary>
    private static void Compact(StoreDirectory store, RouterStoreOptions keeping, StoreLock held)
    {
        using RouterStore opened = RouterStore.Open(store.Path, store.LastOptions(), keeping, held: held);
        opened.SaveSnapshot();
        opened.SaveSnapshot();
    }
}
