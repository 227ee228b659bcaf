using Bandits.Storage.Files;

namespace Bandits.Storage;

/// <summary>A snapshot in a file, with the generation before it beside it.</summary>
/// <remarks>
/// Saving writes <c>NAME.new</c>, flushes it to the device, renames the present file to <c>NAME.previous</c> and the new one to <c>NAME</c>, and flushes the
/// directory: a crash at any moment leaves a whole
/// generation. A damaged newest generation is never kept as the previous one; it is set aside as <c>NAME.damaged</c>. Hold a <see
/// cref="StoreLock"/> while loading to save.
/// </remarks>
public sealed class SnapshotFile
{
    private readonly IStoreFiles _files;
    private bool _newestIsDamaged;

    /// <summary>Names a snapshot.</summary>
    /// <param name="path">Path of the file; its directory must exist to save.</param>
    public SnapshotFile(string path)
        : this(path, DiskFiles.Instance)
    {
    }

    internal SnapshotFile(string path, IStoreFiles files) => (Path, _files) = (System.IO.Path.GetFullPath(path), files);

    /// <summary>Path of the newest generation.</summary>
    public string Path { get; }

    /// <summary>Path of the generation before it.</summary>
    public string PreviousPath => Path + ".previous";

    private string AsidePath => Path + ".new";

    private string DamagedPath => Path + ".damaged";

    /// <summary>Loads the newest generation, or the previous one when that is missing or damaged; null when there is neither. Changes no file.</summary>
    /// <exception cref="SnapshotException">What there is cannot be read, or is of a future version.</exception>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    public LoadedSnapshot? Load()
    {
        SnapshotException? fault = null;
        try
        {
            if (Read(Path) is { } newest) return new LoadedSnapshot(newest.State, newest.Checksum, IsPrevious: false, Fault: null);
        }
        catch (SnapshotException e) when (e.Fault != SnapshotFault.FutureVersion)
        {
            fault = e;
            _newestIsDamaged = true;
        }

        if (Read(PreviousPath) is not { } previous) return fault is null ? null : throw fault;
        return new LoadedSnapshot(previous.State, previous.Checksum, IsPrevious: true, fault?.Message ?? $"'{Path}' is missing.");
    }

    /// <summary>Saves a state as the newest generation.</summary>
    /// <exception cref="IOException">The file cannot be written; the generations on disk are as they were.</exception>
    /// <exception cref="ArgumentException">The state takes more than <see cref="RouterSnapshot.MaxBytes"/>.</exception>
    public void Save(RouterState state)
    {
        byte[] bytes = RouterSnapshot.ToBytes(state);
        Save(file => file.Write(bytes, 0));
    }

    /// <summary>Saves what a router knows while it decides and records, without a second copy in memory.</summary>
    /// <param name="router">The router.</param>
    /// <param name="beforeRename">Called once the file is written and before it counts.</param>
    /// <returns>Position in the journal: the snapshot holds every entry before it.</returns>
    internal long Save(BanditRouter router, Action beforeRename)
    {
        long position = 0;
        Save(file =>
        {
            using var stream = new SnapshotStream(file);
            position = stream.Write(router);
            beforeRename();
        });
        return position;
    }

    private void Save(Action<IStoreFile> write)
    {
        _files.Delete(AsidePath); // what a crash left behind
        using (IStoreFile file = _files.Open(AsidePath, StoreFileMode.Create))
        {
            write(file);
            file.Flush();
        }

        if (_files.Exists(Path)) _files.Rename(Path, _newestIsDamaged ? DamagedPath : PreviousPath);
        _files.Rename(AsidePath, Path);
        _newestIsDamaged = false;
        _files.FlushDirectory(System.IO.Path.GetDirectoryName(Path)!);
    }

    private (RouterState State, ulong Checksum)? Read(string path)
    {
        if (!_files.Exists(path)) return null;
        byte[] bytes;
        using (IStoreFile file = _files.Open(path, StoreFileMode.Read))
        {
            long length = file.Length;
            if (length > RouterSnapshot.MaxBytes)
                throw new SnapshotException(SnapshotFault.Damaged, $"The snapshot '{path}' has {length} bytes; at most {RouterSnapshot.MaxBytes} are allowed.");
            bytes = GC.AllocateUninitializedArray<byte>((int)length);
            int read = file.Read(bytes, 0);
            if (read < bytes.Length) Array.Resize(ref bytes, read);
        }

        try
        {
            return (RouterSnapshot.FromBytes(bytes), RouterSnapshot.ChecksumIn(bytes));
        }
        catch (SnapshotException e)
        {
            throw new SnapshotException(e.Fault, $"'{path}': {e.Message}", e);
        }
    }
}
