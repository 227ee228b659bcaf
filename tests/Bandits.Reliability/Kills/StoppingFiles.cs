using Bandits.Storage.Files;

namespace Bandits.Reliability.Kills;

/// <summary>The operating system's files, on which one thread stops for good at the n-th time a phase is reached, after it has been announced; the others go on.</summary>
internal sealed class StoppingFiles(Phase phase, int at, Action announce) : IStoreFiles
{
    private static readonly DiskFiles Disk = DiskFiles.Instance;
    private int _left = at;
    private bool _isRenamed;

    public IReadOnlyList<string> List(string directory, string ending) => Disk.List(directory, ending);

    public IStoreFile Open(string path, StoreFileMode mode, long allotted = 0)
    {
        IStoreFile file = Disk.Open(path, mode, allotted);
        if (mode == StoreFileMode.Create && path.EndsWith(".journal", StringComparison.Ordinal)) Reach(Phase.NewJournal);
        return file;
    }

    public bool Exists(string path) => Disk.Exists(path);

    public void CreateDirectory(string directory) => Disk.CreateDirectory(directory);

    public void Rename(string from, string to)
    {
        if (to.EndsWith(".previous", StringComparison.Ordinal)) Reach(Phase.BeforeFirstRename);
        if (from.EndsWith(".new", StringComparison.Ordinal)) Reach(Phase.BetweenRenames);
        Disk.Rename(from, to);
        _isRenamed = from.EndsWith(".new", StringComparison.Ordinal);
    }

    public void Delete(string path) => Disk.Delete(path);

    public void FlushDirectory(string directory)
    {
        if (_isRenamed) Reach(Phase.BeforeDirectoryFlush);
        _isRenamed = false;
        Disk.FlushDirectory(directory);
    }

    private void Reach(Phase reached)
    {
        if (reached != phase || Interlocked.Decrement(ref _left) != 0) return;
        announce();
        Thread.Sleep(Timeout.Infinite);
    }
}
