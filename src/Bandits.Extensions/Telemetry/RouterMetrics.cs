using System.Diagnostics.Metrics;
using Bandits.Budgets;
using Bandits.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Bandits.Extensions;

/// <summary>The meter Bandits: one set of instruments for all routers of a container, which read the routers' own counts when somebody collects. See docs/observability.md.</summary>
internal sealed class RouterMetrics : IDisposable
{
    private const string OtherArms = "(other)";

    /// <summary>Seconds; a decision takes from some tens of nanoseconds to some tens of microseconds.</summary>
    private static readonly double[] DurationBoundaries = [50e-9, 100e-9, 200e-9, 500e-9, 1e-6, 2e-6, 5e-6, 10e-6, 20e-6, 50e-6, 100e-6, 1e-3];

    private readonly Meter? _own;
    private readonly List<Instrument> _counted = [];
    private RouterHost[] _hosts = [];

    public RouterMetrics(IServiceProvider services)
    {
        Meter meter = services.GetService<IMeterFactory>()?.Create(BanditsTelemetry.MeterName) ?? (_own = new Meter(BanditsTelemetry.MeterName));
        DecideDuration = meter.CreateHistogram(
            "bandits.decide.duration", "s", "How long a decision takes; one of 64 is timed.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBoundaries });
        Count(meter.CreateObservableCounter("bandits.decisions", Each(Decisions), "{decision}", "Decisions by arm, strategy, and whether the arm was explored or the baseline rule stood in."));
        Count(meter.CreateObservableCounter("bandits.undecided", Each(static (host, to) => to.Add(Of(host, host.Router.Tally().Undecided))), "{request}", "Requests for which no arm was eligible."));
        Count(meter.CreateObservableCounter("bandits.outcomes", Each(Outcomes), "{outcome}", "Judgements recorded, by arm and kind; corrections count under their new kind."));
        Count(meter.CreateObservableUpDownCounter("bandits.cost", Each(Costs), "{USD}", "Known cost by arm; corrections can lower it."));
        meter.CreateObservableUpDownCounter("bandits.pending", Each(static (host, to) => to.Add(Of(host, host.Router.CountPending()))), "{decision}", "Decisions whose judgement may still come.");
        meter.CreateObservableCounter("bandits.late", Each(static (host, to) => to.Add(Of(host, host.Router.LateCount))), "{outcome}", "Outcomes that came too late to be counted.");
        meter.CreateObservableCounter("bandits.refused", Each(static (host, to) => to.Add(Of(host, host.Router.RefusedCount))), "{call}", "Calls refused because of bad input.");
        meter.CreateObservableCounter("bandits.restarts", Each(static (host, to) => to.Add(Of(host, host.Router.RestartCount))), "{restart}", "Changes detected, and cells restarted by hand.");
        meter.CreateObservableCounter("bandits.arm.changes", Each(Changes), "{change}", "Arms found changed in all segments at once, by arm, component, direction, and whether new prices announced it.");
        meter.CreateObservableGauge("bandits.budget.rate", Budgeted(static spending => spending.UsdPerDecision!.Value), "{USD}", "What a decision may cost on average.");
        meter.CreateObservableUpDownCounter("bandits.budget.charged", Budgeted(static spending => spending.ChargedUsd), "{USD}", "What decisions were charged since the store began; outcomes can lower it.");
        meter.CreateObservableGauge("bandits.budget.credit", Budgeted(static spending => spending.CreditUsd), "{USD}", "Left unspent so far, or below 0 spent too much.");
        meter.CreateObservableGauge("bandits.budget.price", Budgeted(static spending => spending.LowShare * spending.LowPrice + (1 - spending.LowShare) * spending.HighPrice), "1/{USD}", "Mean price of a dollar, in utility; 0 where the budget does not bind.");
        meter.CreateObservableGauge("bandits.cap.limit", Capped(static (cap, _) => cap.Usd), "{USD}", "The most that may be spent in a window, by cap.");
        meter.CreateObservableGauge("bandits.cap.spent", Capped(static (_, accounts) => accounts.Count == 0 ? 0 : accounts.Max(static account => account.SpentUsd)), "{USD}", "Spent and reserved in the present window, by cap; where each tenant has an account, the fullest one's.");
        meter.CreateObservableGauge("bandits.cap.overshoot", Capped(static (_, accounts) => accounts.Sum(static account => account.OvershootUsd)), "{USD}", "By how much a cap was passed in the present window, all tenants together.");
        Count(meter.CreateObservableGauge("bandits.propensity.lowest", Each<double>(Propensity), "1", "Lowest propensity of a decision since the start."));
        meter.CreateObservableUpDownCounter("bandits.segments", Each(static (host, to) => to.Add(Of(host, (long)host.Router.SegmentCount))), "{segment}", "Leaf segments seen.");
        meter.CreateObservableUpDownCounter("bandits.journal.lag", Stored(static statistics => statistics.Appended - statistics.Flushed), "By", "Journal that is not on the device yet.");
        meter.CreateObservableCounter("bandits.journal.dropped", Stored(static statistics => statistics.Dropped), "{entry}", "Entries for which the journal had no room.");
        meter.CreateObservableCounter("bandits.journal.faults", Stored(static statistics => statistics.Faults), "{fault}", "Times that writing or flushing the journal failed.");
        meter.CreateObservableCounter("bandits.snapshots", Stored(static statistics => statistics.Snapshots), "{snapshot}", "Snapshots saved.");
    }

    public Histogram<double> DecideDuration { get; }

    public void Add(RouterHost host)
    {
        Change(hosts => [.. hosts, host]);
        Refresh();
    }

    public void Remove(RouterHost host) => Change(hosts => [.. hosts.Where(other => other != host)]);

    public void Dispose() => _own?.Dispose();

    /// <summary>Lets routers count while somebody listens, and not for nobody. Called with every tick of a host's clock, so counts begin within a tenth of a second of the listener.</summary>
    public void Refresh()
    {
        bool isListenedTo = _counted.Exists(static instrument => instrument.Enabled);
        foreach (RouterHost host in Volatile.Read(ref _hosts))
            if (host.Router.IsCounting != isListenedTo) host.Router.IsCounting = isListenedTo;
    }

    private void Count(Instrument instrument) => _counted.Add(instrument);

    private void Change(Func<RouterHost[], RouterHost[]> change)
    {
        RouterHost[] seen = Volatile.Read(ref _hosts);
        while (true)
        {
            RouterHost[] before = Interlocked.CompareExchange(ref _hosts, change(seen), seen);
            if (before == seen) return;
            seen = before;
        }
    }

    private Func<IEnumerable<Measurement<long>>> Each(Action<RouterHost, List<Measurement<long>>> measure) => Each<long>(measure);

    private Func<IEnumerable<Measurement<double>>> Each(Action<RouterHost, List<Measurement<double>>> measure) => Each<double>(measure);

    private Func<IEnumerable<Measurement<T>>> Each<T>(Action<RouterHost, List<Measurement<T>>> measure)
        where T : struct => () =>
    {
        Refresh(); // also where no host ticks
        var measured = new List<Measurement<T>>();
        foreach (RouterHost host in Volatile.Read(ref _hosts)) measure(host, measured);
        return measured;
    };

    private Func<IEnumerable<Measurement<long>>> Stored(Func<StoreStatistics, long> read) => Each((host, to) =>
    {
        if (host.Store is { } store) to.Add(Of(host, read(store.Statistics)));
    });

    private Func<IEnumerable<Measurement<double>>> Budgeted(Func<SpendReport, double> read) => Each<double>((host, to) =>
    {
        if (host.Router.Spending is { UsdPerDecision: not null } spending) to.Add(Of(host, read(spending)));
    });

    /// <summary>Of each cap, what the accounts of its present window say.</summary>
    private Func<IEnumerable<Measurement<double>>> Capped(Func<SpendCap, List<CapAccount>, double> read) => Each<double>((host, to) =>
    {
        if (host.Router.Settings.Caps is not { } caps) return;
        long now = host.Clock.GetUtcNow().UtcTicks;
        ILookup<string, CapAccount> accounts = host.Router.ReadCaps().Accounts.ToLookup(static account => account.Cap, StringComparer.Ordinal);
        for (int i = 0; i < caps.Count; i++)
        {
            SpendCap cap = caps.CapAt(i);
            long window = CapKey.AccountOf(caps.Keys[i], 0, now).Start;
            to.Add(Of(host, read(cap, [.. accounts[cap.Name].Where(account => account.WindowTicks == window)]), new KeyValuePair<string, object?>(BanditsTelemetry.CapTag, cap.Name)));
        }
    });

    private static void Changes(RouterHost host, List<Measurement<long>> to)
    {
        host.Changes.Look(host); // also where no host ticks
        var sums = new Dictionary<(string Arm, OutcomeComponents Component, bool IsHigher, bool IsAnnounced), long>();
        foreach (((string id, OutcomeComponents component, bool isHigher, bool isAnnounced), long count) in host.Changes.Counts())
        {
            (string, OutcomeComponents, bool, bool) key = (ArmLabel(host, host.Router.IndexOf(id)), component, isHigher, isAnnounced);
            sums[key] = sums.GetValueOrDefault(key) + count;
        }

        foreach (((string arm, OutcomeComponents component, bool isHigher, bool isAnnounced), long count) in sums)
        {
            to.Add(Of(
                host, count, new(BanditsTelemetry.ArmTag, arm), new(BanditsTelemetry.ComponentTag, KindName.Of(component)), new(BanditsTelemetry.DirectionTag, isHigher ? "higher" : "lower"),
                new(BanditsTelemetry.AnnouncedTag, isAnnounced)));
        }
    }

    private static void Decisions(RouterHost host, List<Measurement<long>> to)
    {
        var sums = new Dictionary<(string Arm, Strategy Strategy, bool IsExplored, bool IsFallback), long>();
        foreach (DecisionTally d in host.Router.Tally().Decisions)
        {
            (string, Strategy, bool, bool) key = (ArmLabel(host, d.Arm), d.Strategy, d.IsExplored, d.IsFallback);
            sums[key] = sums.GetValueOrDefault(key) + d.Count;
        }

        foreach (((string arm, Strategy strategy, bool isExplored, bool isFallback), long count) in sums)
        {
            to.Add(Of(
                host, count, new(BanditsTelemetry.ArmTag, arm), new(BanditsTelemetry.StrategyTag, KindName.Of(strategy)), new(BanditsTelemetry.ExploredTag, isExplored),
                new(BanditsTelemetry.FallbackTag, isFallback)));
        }
    }

    private static void Outcomes(RouterHost host, List<Measurement<long>> to)
    {
        var sums = new Dictionary<(string Arm, OutcomeKind Kind), long>();
        foreach (OutcomeTally o in host.Router.Tally().Outcomes)
        {
            (string, OutcomeKind) key = (ArmLabel(host, o.Arm), o.Kind);
            sums[key] = sums.GetValueOrDefault(key) + o.Count;
        }

        foreach (((string arm, OutcomeKind kind), long count) in sums) to.Add(Of(host, count, new(BanditsTelemetry.ArmTag, arm), new(BanditsTelemetry.KindTag, KindName.Of(kind))));
    }

    private static void Costs(RouterHost host, List<Measurement<double>> to)
    {
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        IReadOnlyList<double> costs = host.Router.Tally().CostUsd;
        for (int arm = 0; arm < costs.Count; arm++) sums[ArmLabel(host, arm)] = sums.GetValueOrDefault(ArmLabel(host, arm)) + costs[arm];
        foreach ((string arm, double cost) in sums) to.Add(Of(host, cost, new KeyValuePair<string, object?>(BanditsTelemetry.ArmTag, arm)));
    }

    private static void Propensity(RouterHost host, List<Measurement<double>> to)
    {
        double lowest = host.Router.Tally().LowestPropensity;
        if (!double.IsNaN(lowest)) to.Add(Of(host, lowest));
    }

    private static string ArmLabel(RouterHost host, int arm) => arm < host.MetricArms ? host.Router.ArmAt(arm).Id : OtherArms;

    private static Measurement<T> Of<T>(RouterHost host, T value, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
        where T : struct => new(value, [new(BanditsTelemetry.RouterTag, host.Label), .. tags]);
}
