namespace Bandits.Storage;

/// <summary>A snapshot in a file, with the generation before it beside it.</summary>
/// <remarks>
/// Saving writes <c>NAME.new</c>, flushes it to the device, keeps the present file as <c>NAME.previous</c>, renames, and flushes the
/// directory: a crash at any moment leaves a whole
/// generation. A damaged newest generation is never kept as the previous one; it is set aside as <c>NAME.damaged</c>. Hold a <see
/// cref="StoreLock"/> while loading to save.
/// </remarks>
/// <param name="path">Path of the file; its directory must exist to save.</param>
public sealed class SnapshotFile(string path)
{
    private bool _newestIsDamaged;

    /// <summary>Path of the newest generation.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

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
    public void Save(RouterState state)
    {
        byte[] bytes = RouterSnapshot.ToBytes(state);
        using (var file = new FileStream(AsidePath, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        if (_newestIsDamaged && File.Exists(Path)) File.Move(Path, DamagedPath, overwrite: true);
        if (File.Exists(Path)) File.Replace(AsidePath, Path, PreviousPath, ignoreMetadataErrors: true);
        else File.Move(AsidePath, Path);
        _newestIsDamaged = false;
        DirectoryFlush.Flush(System.IO.Path.GetDirectoryName(Path)!);
    }

    private static (RouterState State, ulong Checksum)? Read(string path)
    {
        if (!File.Exists(path)) return null;
        long length = new FileInfo(path).Length;
        if (length > RouterSnapshot.MaxBytes)
            throw new SnapshotException(SnapshotFault.Damaged, $"The snapshot '{path}' has {length} bytes; at most {RouterSnapshot.MaxBytes} are allowed.");
        byte[] bytes = File.ReadAllBytes(path);
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
