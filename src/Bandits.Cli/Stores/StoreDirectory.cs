using System.CommandLine;
using Bandits.History;
using Bandits.Storage;

namespace Bandits.Cli.Stores;

/// <summary>A store directory: <c>records.jsonl</c> (the history), <c>arms.json</c> (who there is), <c>router.snapshot</c> (what was learnt),
/// <c>token.key</c> (what its tokens are signed with).</summary>
internal sealed class StoreDirectory(string path)
{
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);

    public string Path { get; } = path;

    public ArmFile Arms { get; } = new(System.IO.Path.Combine(path, "arms.json"));

    public SnapshotFile Snapshot { get; } = new(System.IO.Path.Combine(path, "router.snapshot"));

    public bool HasHistory => File.Exists(System.IO.Path.Combine(Path, "records.jsonl"));

    public static StoreDirectory Of(ParseResult parsed) => new(CommonOptions.DirectoryOf(parsed));

    /// <summary>One writer at a time; others wait.</summary>
    public StoreLock Lock() => StoreLock.Acquire(Path, LockWait, TimeProvider.System);

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
