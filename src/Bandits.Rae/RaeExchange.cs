using Bandits.Rae.Export;
using Bandits.Rae.Formats;
using Bandits.Rae.Import;
using Bandits.Rae.Outbox;
using Bandits.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bandits.Rae;

/// <summary>The exchange of one store with a RAE server: collects what was learnt into an outbox on disk, pushes the outbox, pulls what others have learnt.</summary>
/// <remarks>
/// <para>Nothing of it is on the path of a decision or an outcome: collecting copies the evidence segment by segment, as a snapshot does, and reads the journal's files.</para>
/// <para>One process exchanges for a store at a time; it holds the lock of <see cref="RaeOptions.Directory"/>, not the store's. Thread-safe; calls wait for each other.</para>
/// </remarks>
public sealed class RaeExchange : IAsyncDisposable, IDisposable
{
    /// <summary>Folder in the store's directory where the outbox lies unless the options say otherwise.</summary>
    public const string FolderName = "rae";

    private const string StatusName = "status.json";

    private readonly string _directory;
    private readonly string _storeDirectory;
    private readonly RaeOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly StoreLock _lock;
    private readonly DiskOutbox _outbox;
    private readonly EvidenceExport _evidence;
    private readonly DecisionExport _decisions;
    private readonly DeadLetters _dead;
    private readonly EvidencePull _pull;
    private readonly StuckRequest _stuck = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly RaeStatus _before;
    private RaeStatus _counts;
    private bool _isDisposed;

    private RaeExchange(RaeOptions options, string storeDirectory, string directory, TimeProvider clock, ILogger logger, StoreLock held, RaeClient client)
    {
        (_options, _storeDirectory, _directory, _clock, _logger, _lock, Client) = (options, storeDirectory, directory, clock, logger, held, client);
        _outbox = new DiskOutbox(directory, options.OutboxBytes);
        Destination.Check(directory, options, _outbox);
        _evidence = new EvidenceExport(directory, _outbox, options);
        _decisions = new DecisionExport(directory, _outbox, options, clock);
        _dead = new DeadLetters(Path.Combine(directory, "dead.jsonl"), options.DeadLetterBytes, clock);
        _pull = new EvidencePull(directory, options, clock);
        _before = RaeStatus.Read(Path.Combine(directory, StatusName));
        _counts = new RaeStatus { Waiting = _outbox.Waiting, WaitingBytes = _outbox.WaitingBytes };
    }

    /// <summary>The client, for questions.</summary>
    public RaeClient Client { get; }

    /// <summary>How it stands.</summary>
    public RaeStatus Status => _counts with
    {
        Pushed = _before.Pushed + _counts.Pushed,
        Deduplicated = _before.Deduplicated + _counts.Deduplicated,
        Retried = _before.Retried + Client.Retried,
        Dead = _before.Dead + _counts.Dead,
        Windows = _before.Windows + _evidence.Windows,
        Superseded = _before.Superseded + _evidence.Superseded,
        Postponed = _before.Postponed + _counts.Postponed,
        RecordsLeftOut = _decisions.LeftOut,
        BadMemories = _before.BadMemories + _counts.BadMemories,
        Circuit = Client.Circuit,
        LastError = _counts.LastError ?? (_counts.LastSuccessAt is null ? _before.LastError : null),
        LastErrorAt = _counts.LastErrorAt ?? _before.LastErrorAt,
        LastSuccessAt = _counts.LastSuccessAt ?? _before.LastSuccessAt,
    };

    /// <summary>Takes the lock of the outbox and takes up what an earlier process left in it.</summary>
    /// <param name="options">Options; a copy is not made, so leave them as they are.</param>
    /// <param name="storeDirectory">The store.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <param name="logger">Where to log; null for nowhere.</param>
    /// <exception cref="ArgumentException">Options are invalid; the message names every fault.</exception>
    /// <exception cref="IOException">Another process exchanges for this store, or its files cannot be read or written.</exception>
    public static RaeExchange Open(RaeOptions options, string storeDirectory, TimeProvider? clock = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Open(options.Checked(), storeDirectory, clock ?? TimeProvider.System, logger, () => new RaeClient(options, clock));
    }

    internal static RaeExchange Open(RaeOptions options, string storeDirectory, TimeProvider clock, ILogger? logger, Func<RaeClient> connect)
    {
        ArgumentException.ThrowIfNullOrEmpty(storeDirectory);
        string store = Path.GetFullPath(storeDirectory);
        string directory = DirectoryOf(options, store);
        StoreLock held = StoreLock.Acquire(directory, LockWait, TimeProvider.System); // it sleeps in real time
        RaeClient? client = null;
        try
        {
            client = connect();
            return new RaeExchange(options, store, directory, clock, logger ?? NullLogger.Instance, held, client);
        }
        catch
        {
            client?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>How the exchange of a store stood when it was last written down, also while another process runs it.</summary>
    /// <param name="options">Options; they need not be valid.</param>
    /// <param name="storeDirectory">The store.</param>
    public static RaeStatus ReadStatus(RaeOptions options, string storeDirectory)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(storeDirectory);
        return RaeStatus.Read(Path.Combine(DirectoryOf(options, Path.GetFullPath(storeDirectory)), StatusName));
    }

    /// <summary>Puts what a store that is open has learnt since the last time into the outbox. Sends nothing.</summary>
    /// <param name="store">The store.</param>
    /// <param name="beginsChain">Whether to tell of every cell again, though that is not needed.</param>
    /// <param name="cancellationToken">Ends the wait for another call.</param>
    /// <returns>False when the outbox has no room for it; it comes with the next.</returns>
    /// <exception cref="IOException">The outbox cannot be written, or the journal not be read.</exception>
    public Task<bool> CollectAsync(RouterStore store, bool beginsChain = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return CollectAsync(() => StoreEvidence.Of(store), beginsChain, cancellationToken);
    }

    /// <summary>As the other, of the store's files: without the store's lock, beside a process that writes it.</summary>
    /// <inheritdoc cref="CollectAsync(RouterStore, bool, CancellationToken)" path="/param"/>
    /// <inheritdoc cref="CollectAsync(RouterStore, bool, CancellationToken)" path="/returns"/>
    /// <exception cref="IOException">It is no store, or files cannot be read or written.</exception>
    /// <exception cref="SnapshotException">The snapshot is of a future version.</exception>
    public Task<bool> CollectAsync(bool beginsChain = false, CancellationToken cancellationToken = default) =>
        CollectAsync(() => StoreEvidence.Read(_storeDirectory), beginsChain, cancellationToken);

    /// <summary>Sends what waits in the outbox, in order, until it is empty or the server will not take more now.</summary>
    /// <param name="cancellationToken">Ends it; what was not confirmed stays in the outbox.</param>
    /// <exception cref="IOException">The outbox cannot be read or written.</exception>
    public Task<PushReport> PushAsync(CancellationToken cancellationToken = default) => PushAsync(TimeSpan.MaxValue, cancellationToken);

    /// <summary>As the other, and begins no further request after so long.</summary>
    internal async Task<PushReport> PushAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            PushReport report = await new OutboxPush(Client, _outbox, _dead, _evidence, _stuck, _logger).RunAsync(_clock, most, cancellationToken).ConfigureAwait(false);
            _counts = _counts with { Pushed = _counts.Pushed + report.Pushed, Deduplicated = _counts.Deduplicated + report.Deduplicated, Dead = _counts.Dead + report.Dead };
            Note(report.Error, isSuccess: report.Pushed > 0);
            return report;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Pulls what other instances have exported and joins it into a store, each as an origin of its name with <see cref="RaeOptions.ForeignWeight"/>. A memory that cannot be right changes nothing.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cancellationToken">Ends it; nothing was joined then.</param>
    /// <exception cref="RaeException">The server did not answer, or refused.</exception>
    /// <exception cref="IOException">The bookkeeping cannot be written, or the store not be flushed.</exception>
    public async Task<PullReport> PullAsync(RouterStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            PullReport report = await _pull.RunAsync(Client, store, cancellationToken).ConfigureAwait(false);
            _counts = _counts with { BadMemories = _counts.BadMemories + report.BadMemories };
            Note(null, isSuccess: true);
            _logger.Pulled(report.Parts, report.Joined.Count);
            if (report.BadMemories > 0) _logger.BadMemories(report.BadMemories, report.Reasons.Count > 0 ? report.Reasons[0] : "too long");
            return report;
        }
        catch (RaeException e)
        {
            Note(e.Message, isSuccess: false);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits for a call that runs, gives the lock back and closes the connections; what waits stays in the outbox.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isDisposed) return;
            _isDisposed = true;
            Client.Dispose();
            _lock.Dispose();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static TimeSpan LockWait => TimeSpan.FromSeconds(2);

    private static string DirectoryOf(RaeOptions options, string store) => options.Directory is { Length: > 0 } given ? Path.GetFullPath(given) : Path.Combine(store, FolderName);

    private async Task<bool> CollectAsync(Func<StoreEvidence> read, bool beginsChain, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            StoreEvidence now = read();
            bool hasRoom = _evidence.TryCollect(now, beginsChain);
            _decisions.Collect(_storeDirectory, now.Name);
            if (!hasRoom)
            {
                _logger.NoRoom();
                _counts = _counts with { Postponed = _counts.Postponed + 1 };
            }

            Note(hasRoom ? _evidence.Warning ?? (now.Faults.Count > 0 ? now.Faults[0] : _counts.LastError) : $"The outbox has no room for a window of evidence; raise {nameof(RaeOptions.OutboxBytes)}.", isSuccess: false);
            return hasRoom;
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Note(string? error, bool isSuccess)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        _counts = _counts with
        {
            LastError = error,
            LastErrorAt = error is null || error == _counts.LastError ? _counts.LastErrorAt : now,
            LastSuccessAt = isSuccess ? now : _counts.LastSuccessAt,
            Waiting = _outbox.Waiting,
            WaitingBytes = _outbox.WaitingBytes,
        };
        Status.Write(Path.Combine(_directory, StatusName));
    }
}
