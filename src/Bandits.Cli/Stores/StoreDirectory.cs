using System.CommandLine;
using Bandits.History;
using Bandits.Storage;

namespace Bandits.Cli.Stores;

/// <summary>A store directory: <c>records.jsonl</c> (the history), <c>arms.json</c> (who there is), the journal and <c>router.snapshot</c> (what was decided and learnt),
/// <c>token.key</c> (what its tokens are signed with).</summary>
internal sealed class StoreDirectory(string path)
{
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    public string Path { get; } = path;

    public ArmFile Arms { get; } = new(System.IO.Path.Combine(path, "arms.json"));

    public bool HasHistory => File.Exists(System.IO.Path.Combine(Path, "records.jsonl"));

    /// <summary>Whether a router has ever been here.</summary>
    public bool HasRouter =>
        Directory.Exists(Path) && (Directory.EnumerateFiles(Path, RouterStore.SnapshotName + "*").Any() || Directory.EnumerateFiles(Path, "*.journal").Any());

    /// <summary>How the router's learning is kept: every outcome is on the device before the command ends, and opening never reads much.</summary>
    public static RouterStoreOptions Keeping => new()
    {
        Durability = Durability.EachCommit,
        QueueBytes = 512 << 10,
        SegmentBytes = 1 << 20,
        SnapshotBytes = 4 << 20,
    };

    public static StoreDirectory Of(ParseResult parsed) => new(CommonOptions.DirectoryOf(parsed));

    /// <summary>The store, which must be there.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static StoreDirectory Existing(ParseResult parsed)
    {
        StoreDirectory store = Of(parsed);
        return Directory.Exists(store.Path) ? store : throw new UserErrorException($"There is no store '{store.Path}'.");
    }

    /// <summary>One writer at a time; others wait.</summary>
    public StoreLock Lock() => StoreLock.Acquire(Path, LockWait, TimeProvider.System);

    /// <summary>Options as the store was last opened with, for verbs that do not decide.</summary>
    public RouterOptions LastOptions() => StoredSettings.Find(Path)?.ToOptions() ?? new RouterOptions();

    /// <summary>The history, for questions.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public HistoryStore ReadHistory()
    {
        if (!HasHistory) throw new UserErrorException($"The store '{Path}' holds no history; bring one in with: bandits import FILE");
        HistoryStore history = HistoryStore.OpenReadOnly(Path);
        if (history.Opening.Rejected > 0) Rendering.Terminal.Note($"{history.Opening.Rejected} line(s) of the store's history are damaged and were left out; first: {history.Opening.Rejections[0]}");
        return history;
    }
}
