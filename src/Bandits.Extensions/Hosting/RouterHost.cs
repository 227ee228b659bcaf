using System.Diagnostics;
using Bandits.Storage;
using Bandits.Storage.Journal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bandits.Extensions;

/// <summary>A router as the container holds it: opened when first asked for, with its store, watched, and following its options.</summary>
internal sealed class RouterHost : IDisposable, IAsyncDisposable
{
    private readonly IServiceProvider _services;
    private readonly IOptionsMonitor<BanditsOptions> _options;
    private readonly RouterMetrics _metrics;
    private readonly Lock _opening = new();
    private BanditRouter? _router;
    private RouterReload? _reload;
    private bool _isDisposed;

    public RouterHost(string name, IServiceProvider services)
    {
        (Name, _services) = (name, services);
        _options = services.GetRequiredService<IOptionsMonitor<BanditsOptions>>();
        _metrics = services.GetRequiredService<RouterMetrics>();
        Clock = services.GetService<TimeProvider>() ?? TimeProvider.System;
        Log = services.GetService<ILoggerFactory>()?.CreateLogger("Bandits") ?? NullLogger.Instance;
    }

    public string Name { get; }

    /// <summary>Its name where an empty one will not do.</summary>
    public string Label => Name.Length > 0 ? Name : "default";

    public TimeProvider Clock { get; }

    public ILogger Log { get; }

    /// <summary>The options in force.</summary>
    public BanditsOptions Options => _reload?.InForce ?? _options.Get(Name);

    /// <summary>Arms with series of their own; a series must not move into another while it is counted.</summary>
    public int MetricArms { get; private set; }

    /// <summary>Arms that were found changed everywhere.</summary>
    public ToldChanges Changes { get; } = new();

    /// <summary>What is done with every tick of the host's clock.</summary>
    public void Tick()
    {
        Router.SetClock(Clock.GetUtcNow().UtcTicks);
        Changes.Look(this);
        _metrics.Refresh();
    }

    /// <summary>Why the latest reload was refused; null when none was, or a later one was taken.</summary>
    public string? ReloadFault => _reload?.Fault;

    /// <summary>The router; the first to ask opens it.</summary>
    /// <exception cref="OptionsValidationException">Options are invalid; every fault is listed.</exception>
    /// <exception cref="IOException">The store is held by another process, or cannot be read or written.</exception>
    public BanditRouter Router => Volatile.Read(ref _router) ?? Open();

    /// <summary>Its store; null when it has none.</summary>
    public RouterStore? Store
    {
        get
        {
            _ = Router;
            return field;
        }
        private set;
    }

    /// <summary>Whether it was opened.</summary>
    public bool IsOpen => Volatile.Read(ref _router) is not null;

    public void Dispose()
    {
        lock (_opening)
        {
            if (_isDisposed) return;
            _isDisposed = true;
        }

        _reload?.Dispose();
        if (_router is null) return;
        _metrics.Remove(this);
        Store?.Dispose();
        Log.Closed(Label);
    }

    public ValueTask DisposeAsync() => new(Task.Run(Dispose)); // what is left to write may take a moment

    private BanditRouter Open()
    {
        lock (_opening)
        {
            if (_router is not null) return _router;
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            using Activity? activity = BanditsTelemetry.Source.StartActivity("bandits.open");
            activity?.SetTag(BanditsTelemetry.RouterTag, Label);
            RouterReload? reload = null;
            RouterStore? store = null;
            try
            {
                // Registered before options are read: a change while the store is opened is looked at afterwards.
                reload = new RouterReload(this, _services.GetRequiredService<IOptionsFactory<BanditsOptions>>(), _services.GetServices<IOptionsChangeTokenSource<BanditsOptions>>());
                BanditsOptions options = _options.Get(Name);
                RouterOptions made = options.ToRouterOptions();
                BanditRouter router = Make(options, made, ref store);
                MetricArms = options.MetricArms;
                router.Attach(new RouterProbe(_metrics.DecideDuration, Label, Clock));
                (Store, _reload) = (store, reload);
                Volatile.Write(ref _router, router);
                _metrics.Add(this);
                Log.Opened(Label, router.Strategy, router.ArmCount, router.SegmentCount, store?.Directory ?? "(none)");
                reload.Follow(router, options, made);
                return router;
            }
            catch
            {
                if (_router is not null) throw; // a sink that threw when all was done
                reload?.Dispose();
                store?.Dispose(); // or its lock would outlive the attempt
                throw;
            }
        }
    }

    private BanditRouter Make(BanditsOptions options, RouterOptions made, ref RouterStore? store)
    {
        ulong? incarnation = options.Incarnation ?? (made.Incarnation != new RouterOptions().Incarnation ? made.Incarnation : null);
        if (DirectoryOf(options) is not { } directory)
        {
            made.Incarnation = incarnation ?? RouterStore.FreshIncarnation();
            return new BanditRouter(made);
        }

        options.Store.Incarnation ??= incarnation;
        store = RouterStore.Open(directory, made, options.Store, Clock);
        TellRecovery(store);
        TellStatuses(store.Router, made);
        return store.Router;
    }

    /// <summary>The configured directory, or else the one that the original's variable names, where a named router has a folder of its own.</summary>
    public string? DirectoryOf(BanditsOptions options)
    {
        if (options.Directory is { } directory) return directory;
        return _services.GetService<IConfiguration>()?[OptionsSection.DirectoryKey] is { Length: > 0 } shared ? Path.Combine(shared, Name) : null;
    }

    private void TellRecovery(RouterStore store)
    {
        RecoveryReport report = store.Recovery;
        foreach (string fault in report.Faults) Log.RecoveryFault(Label, fault);
        foreach (JournalDamage damage in report.Damage) Log.RecoveryFault(Label, $"{damage.To - damage.From} bytes of {damage.Path} hold no whole entry{(damage.IsTail ? ", as a crash leaves them at the end" : "")}.");
        if (report.LeftOut > 0) Log.RecoveryFault(Label, $"{report.LeftOut} entries were whole and could not be used.");
    }

    /// <summary>An arm that the store knows and configuration does not is kept out; one that the store has disabled and configuration says nothing of stays so. Both are told.</summary>
    private void TellStatuses(BanditRouter router, RouterOptions made)
    {
        var given = made.Arms.Select(arm => arm.Id).ToHashSet(StringComparer.Ordinal);
        for (int arm = 0; arm < router.ArmCount; arm++)
        {
            string id = router.ArmAt(arm).Id;
            if (made.ArmStatuses.ContainsKey(id)) continue;
            if (given.Contains(id))
            {
                if (router.StatusAt(arm) != ArmStatus.Enabled) Log.KeptStatus(Label, id, router.StatusAt(arm));
            }
            else if (router.StatusAt(arm) == ArmStatus.Enabled)
            {
                router.DisableArm(id);
                Log.DisabledUnlisted(Label, id);
            }
        }
    }
}
