using System.Buffers.Binary;
using System.Security.Cryptography;
using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Storage;

/// <summary>A router whose learning survives: a directory with a journal of everything decided and learnt, and a snapshot from which reading it starts.</summary>
/// <remarks>
/// <para>Opening brings back what an earlier process left, however it ended, and says in <see cref="Recovery"/> what could not be brought back. From then on the router
/// writes down what it decides and learns: deciding never waits for that, recording waits only where <see cref="RouterStoreOptions"/> say so.</para>
/// <para>One process writes a store at a time. Thread-safe.</para>
/// </remarks>
public sealed class RouterStore : IDisposable
{
    /// <summary>Name of the snapshot in the directory.</summary>
    public const string SnapshotName = "router.snapshot";

    private readonly string _directory;
    private readonly IStoreFiles _files;
    private readonly RouterOptions _routerOptions;
    private readonly RouterStoreOptions _options;
    private readonly SnapshotFile _snapshot;
    private readonly JournalWriter _writer;
    private readonly StoreLock? _lock;
    private readonly Lock _saving = new();
    private long _newest;
    private long _previous;
    private long _snapshots;
    private string? _snapshotFault;
    private int _isSaveQueued;
    private bool _isDisposed;

    private RouterStore(string directory, RouterOptions options, RouterStoreOptions storeOptions, TimeProvider clock, IStoreFiles files, byte[] key, string name, StoreLock? @lock)
    {
        (_directory, _files, _options, _lock) = (directory, files, storeOptions, @lock);
        Name = name;
        _snapshot = new SnapshotFile(System.IO.Path.Combine(directory, SnapshotName), files);
        RouterOptions own = options.Clone();
        own.Incarnation = storeOptions.Incarnation ?? FreshIncarnation();
        own.TokenKey ??= key;
        _routerOptions = own;
        Storage.Recovery recovery = Storage.Recovery.Run(directory, own, files, _snapshot);
        (Router, Recovery) = (recovery.Router, recovery.Report);

        // Without a snapshot before it nothing may be archived yet: if the newest is damaged, all of the journal is read again.
        (_newest, _previous) = (recovery.SnapshotPosition, -1);
        if (recovery.Torn is { } torn) Cut(torn.Path, torn.Bytes);
        foreach ((long first, string path) in JournalArchive.Segments(directory, files))
        {
            if (first <= recovery.Report.To) continue;
            files.Delete(path); // begun before a crash that lost everything from some way before it
            files.FlushDirectory(directory); // it must not come back once its positions are used again
        }

        _writer = new JournalWriter(directory, files, storeOptions, clock, own.Incarnation, recovery.Report.To, recovery.Unfinished, !recovery.IsClosed, FileBegan);
        try
        {
            Router.Attach(new RouterJournal(_writer));
            _writer.Flush(isForSnapshot: true); // that this incarnation has begun is never lost, so its ids are told from those of others
            if (!recovery.IsClosed) TrySaveSnapshot(); // what the killed writer left may be in the system's memory only
        }
        catch
        {
            _writer.Dispose();
            throw;
        }
    }

    /// <summary>The router.</summary>
    public BanditRouter Router { get; }

    /// <summary>What opening found.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>Name of the store as an origin of evidence, sixteen hexadecimal digits in its file <c>store.name</c>: a copy of the directory has the same.</summary>
    public string Name { get; }

    /// <summary>Path of the directory.</summary>
    public string Directory => _directory;

    /// <summary>What was written since opening.</summary>
    public StoreStatistics Statistics
    {
        get
        {
            StoreStatistics statistics = _writer.Statistics;
            return statistics with { LastFault = statistics.LastFault ?? Volatile.Read(ref _snapshotFault), Snapshots = Volatile.Read(ref _snapshots) };
        }
    }

    /// <summary>Opens a store, which is made if need be, and takes its lock.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="options">How the router decides. Arms that the store knows keep what was learnt of them; the descriptions given here win, new arms are added.</param>
    /// <param name="storeOptions">How the store keeps it; null for the defaults.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <param name="held">The store's lock where the caller has taken it already, who gives it back after the store has ended; null to take it here.</param>
    /// <exception cref="ArgumentException">Options are invalid, or the dimensions are not those of the store; the message says which.</exception>
    /// <exception cref="SnapshotException">The snapshot is of a future version; nothing was touched.</exception>
    /// <exception cref="JournalException">The journal is of a future version; nothing was touched.</exception>
    /// <exception cref="InsufficientMemoryException">Its files ask for more than <see cref="RouterOptions.MaxRestoredCells"/>; nothing was touched.</exception>
    /// <exception cref="IOException">Another process writes the store, or its files cannot be read or written.</exception>
    public static RouterStore Open(string directory, RouterOptions options, RouterStoreOptions? storeOptions = null, TimeProvider? clock = null, StoreLock? held = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(options);
        RouterStoreOptions how = storeOptions ?? new RouterStoreOptions();
        clock ??= TimeProvider.System;
        string path = System.IO.Path.GetFullPath(directory);
        CheckOptions(how);
        StoreLock? own = held is null ? StoreLock.Acquire(path, how.LockWait, TimeProvider.System) : null; // it sleeps in real time, whatever the clock says
        try
        {
            byte[] key = TokenKey.LoadOrCreate(path);
            return new RouterStore(path, options, how, clock, DiskFiles.Instance, key, StoreName.LoadOrCreate(path, key), own);
        }
        catch
        {
            own?.Dispose();
            throw;
        }
    }

    /// <summary>Opens a store on other files than the operating system's, without a lock.</summary>
    internal static RouterStore Open(string directory, RouterOptions options, RouterStoreOptions storeOptions, TimeProvider clock, IStoreFiles files)
    {
        CheckOptions(storeOptions);
        byte[] key = new byte[32];
        return new RouterStore(directory, options, storeOptions, clock, files, key, StoreName.Of(key), null);
    }

    /// <summary>Reads a store without a lock and without changing anything, also while another process writes it: as it was a moment ago.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="options">How the router decides.</param>
    /// <param name="report">What was found. The end of a journal that is being written looks like a tail that was cut short.</param>
    /// <returns>A router of its own: what it is told is not kept.</returns>
    /// <inheritdoc cref="Open(string, RouterOptions, RouterStoreOptions?, TimeProvider?, StoreLock?)" path="/exception"/>
    public static BanditRouter Read(string directory, RouterOptions options, out RecoveryReport report)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(options);
        string path = System.IO.Path.GetFullPath(directory);
        RouterOptions own = options.Clone();
        own.TokenKey ??= TokenKey.LoadOrNone(path);
        Storage.Recovery recovery = Storage.Recovery.Read(path, own, DiskFiles.Instance);
        report = recovery.Report;
        return recovery.Router;
    }

    /// <summary>Joins what another store has learnt, and what that one has joined: each origin by itself, where the higher sequence wins. Joining again, or with itself, changes nothing.</summary>
    /// <param name="directory">The other store; it is read as it was a moment ago, and not changed.</param>
    /// <param name="weight">Weight of each of its outcomes in belief, in [0, 1].</param>
    /// <remarks>It is read with the options of this store: restarts that drift detection makes are those of these options.</remarks>
    /// <exception cref="ArgumentException">The weight is out of its range, or the other store has other dimensions; nothing changes.</exception>
    /// <exception cref="InvalidOperationException">The other store is a copy of this one and has gone its own way since: what both share cannot be told apart.</exception>
    /// <exception cref="IOException">It is no store, or its files cannot be read.</exception>
    /// <exception cref="SnapshotException">Its snapshot is of a future version.</exception>
    public JoinReport Join(string directory, double weight = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!(weight >= 0 && weight <= 1)) throw new ArgumentOutOfRangeException(nameof(weight), weight, "The allowed range is [0, 1].");
        return StoreJoin.Run(this, _routerOptions, System.IO.Path.GetFullPath(directory), weight);
    }

    /// <summary>
    /// Makes a damaged store whole: brings back what can be, saves it as both snapshots, and moves the files that are damaged to the folder <c>damaged</c>, where they keep their bytes.
    /// </summary>
    /// <inheritdoc cref="Open(string, RouterOptions, RouterStoreOptions?, TimeProvider?, StoreLock?)" path="/param"/>
    /// <inheritdoc cref="Open(string, RouterOptions, RouterStoreOptions?, TimeProvider?, StoreLock?)" path="/exception"/>
    public static RepairReport Repair(string directory, RouterOptions options, RouterStoreOptions? storeOptions = null, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(options);
        return StoreRepair.Run(System.IO.Path.GetFullPath(directory), options, storeOptions ?? new RouterStoreOptions(), clock ?? TimeProvider.System);
    }

    /// <summary>Returns when everything recorded so far is on the device, whatever the durability.</summary>
    /// <exception cref="JournalException">It cannot be written now; it is kept, and may be later.</exception>
    public void Flush() => _writer.Flush();

    /// <summary>Saves a snapshot and archives the files of the journal that are no longer needed, while others decide and record.</summary>
    /// <exception cref="IOException">It cannot be written; the earlier ones are as they were.</exception>
    public void SaveSnapshot()
    {
        lock (_saving)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            long doubtful = _writer.DoubtfulTo;
            long position = _snapshot.Save(Router, () => _writer.Flush(isForSnapshot: true)); // a snapshot never holds what the journal may still lose: positions would be given twice
            if (doubtful > 0) _writer.Resolve(position);
            (_previous, _newest) = (_newest, position);
            _snapshots++;
            if (_previous >= 0) JournalArchive.Move(_directory, _files, _previous, _options.ArchiveBytes);
        }
    }

    /// <summary>Writes what is left, gives the lock back and ends. The router decides on, but what it is told is refused.</summary>
    public void Dispose()
    {
        lock (_saving)
        {
            if (_isDisposed) return;
            _isDisposed = true;
        }

        _writer.Dispose();
        _lock?.Dispose();
    }

    private static void CheckOptions(RouterStoreOptions options)
    {
        IReadOnlyList<string> faults = options.Validate();
        if (faults.Count > 0) throw new ArgumentException($"The store options have {faults.Count} fault(s): {string.Join(" ", faults)}");
    }

    internal static ulong FreshIncarnation()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
    }

    /// <summary>On the writer's thread: saves a snapshot in the background once enough was written since the last.</summary>
    private void FileBegan()
    {
        if (_options.SnapshotBytes == 0 || _writer is not { } writer || writer.Tail - Math.Max(0, Volatile.Read(ref _newest)) < _options.SnapshotBytes) return;
        if (Interlocked.Exchange(ref _isSaveQueued, 1) != 0) return;
        ThreadPool.UnsafeQueueUserWorkItem(static store => store.TrySaveSnapshot(), this, preferLocal: false);
    }

    private void TrySaveSnapshot()
    {
        try
        {
            SaveSnapshot();
            Volatile.Write(ref _snapshotFault, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException or ArgumentException)
        {
            Volatile.Write(ref _snapshotFault, $"The snapshot could not be saved; the journal keeps everything. {e.Message}");
        }
        finally
        {
            Volatile.Write(ref _isSaveQueued, 0);
        }
    }

    /// <summary>Cuts what a crash left unfinished behind the last whole entry.</summary>
    private void Cut(string path, long bytes)
    {
        using IStoreFile file = _files.Open(path, StoreFileMode.Change);
        file.Length = bytes;
        file.Flush();
    }
}
