using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.Storage;

namespace Bandits.Cli.Verbs;

/// <summary><c>store repair</c>: makes a damaged store whole.</summary>
internal static class StoreRepairVerb
{
    public static Command Create()
    {
        var verb = new Command("repair", "Bring back what can be, save it anew, and move damaged files to the folder damaged, where they keep their bytes.");
        verb.AnswerWith(parsed =>
        {
            StoreDirectory store = StoreDirectory.Existing(parsed);
            return new RepairAnswer(store.Path, RouterStore.Repair(store.Path, store.LastOptions(), StoreDirectory.Keeping));
        });
        return verb;
    }
}
