using System.Diagnostics;
using System.Diagnostics.Metrics;
using Bandits.Extensions;
using Bandits.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Bandits.Tests.Extensions;

/// <summary>Instruments show the router's own counts, under bounded labels; activities show what became of a record.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Instruments_show_what_the_router_counted()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(), services: services => services.AddMetrics()).Start();
        using var listening = new Listening(hosted);
        BanditRouter router = hosted.Router;
        SegmentKey segment = router.SegmentOf("planner");
        for (int i = 0; i < 200; i++)
        {
            Assert.True(router.TryDecide(new Request(segment), out Decision d));
            if (i < 190) router.Record(d, new Outcome { Kind = i % 2 == 0 ? OutcomeKind.Success : OutcomeKind.HumanReview, CostUsd = 0.25 });
        }

        Assert.False(router.TryDecide(new Request(segment) { MaxCostUsd = 0 }, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => router.TryDecide(new Request(segment) { MaxCostUsd = -1 }, out _));
        Dictionary<string, List<(double Value, string Tags)>> read = listening.Read();
        Assert.Equal(200, read["bandits.decisions"].Sum(m => m.Value));
        Assert.All(read["bandits.decisions"], m => Assert.Contains("bandits.strategy=learning", m.Tags, StringComparison.Ordinal));
        Assert.Contains(read["bandits.decisions"], m => m.Tags.Contains("bandits.explored=True", StringComparison.Ordinal) && m.Tags.Contains("bandits.arm=large", StringComparison.Ordinal));
        Assert.Equal(95, read["bandits.outcomes"].Where(m => m.Tags.Contains("kind=human_review", StringComparison.Ordinal)).Sum(m => m.Value));
        Assert.Equal(190 * 0.25, read["bandits.cost"].Sum(m => m.Value), 1e-9);
        Assert.Equal((1.0, 1.0, 105.0, 1.0), (One("bandits.undecided"), One("bandits.refused"), One("bandits.pending"), One("bandits.segments")));
        Assert.InRange(One("bandits.propensity.lowest"), 1e-9, 1);
        Assert.False(read.ContainsKey("bandits.journal.lag")); // there is no journal
        Assert.All(read.Values.SelectMany(m => m), m => Assert.Contains("bandits.router=default", m.Tags, StringComparison.Ordinal));

        double One(string name) => Assert.Single(read[name]).Value;
    }

    [Fact]
    public async Task A_router_counts_while_somebody_listens_and_not_for_nobody()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(), services: services => services.AddMetrics()).Start();
        Assert.False(hosted.Router.IsCounting);
        var listening = new Listening(hosted);
        Assert.True(hosted.Router.IsCounting);
        listening.Dispose();
        for (int i = 0; i < 2000 && hosted.Router.IsCounting; i++)
        {
            hosted.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        Assert.False(hosted.Router.IsCounting);
    }

    [Fact]
    public async Task A_counter_never_goes_down_when_options_say_another_number_of_labels()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(("MetricArms", "1")), services: services => services.AddMetrics()).Start();
        using var listening = new Listening(hosted);
        for (int i = 0; i < 10; i++) hosted.Router.Force(default, 1);
        Dictionary<string, double> before = listening.Read()["bandits.decisions"].ToDictionary(m => m.Tags, m => m.Value);
        hosted.Reload(Hosted.Settings(("MetricArms", "2")));
        hosted.Router.Force(default, 0);
        Dictionary<string, double> after = listening.Read()["bandits.decisions"].ToDictionary(m => m.Tags, m => m.Value);
        Assert.All(before, pair => Assert.True(after.GetValueOrDefault(pair.Key) >= pair.Value));
    }

    [Fact]
    public async Task A_store_shows_its_journal()
    {
        string folder = Directory.CreateTempSubdirectory("bandits-telemetry-").FullName;
        try
        {
            await using Hosted hosted = await new Hosted(Hosted.Settings(("Directory", folder)), services: services => services.AddMetrics()).Start();
            using var listening = new Listening(hosted);
            hosted.Store!.SaveSnapshot();
            Dictionary<string, List<(double Value, string Tags)>> read = listening.Read();
            Assert.InRange(Assert.Single(read["bandits.journal.lag"]).Value, 0, 1e6);
            Assert.Equal((0.0, 0.0, 1.0), (read["bandits.journal.dropped"][0].Value, read["bandits.journal.faults"][0].Value, read["bandits.snapshots"][0].Value));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Announced_prices_are_told_once_and_counted_and_budget_and_caps_are_shown()
    {
        (string, string?)[] settings =
        [
            ("Budget:UsdPerDecision", "0.5"), ("SpendCaps:0:Name", "all"), ("SpendCaps:0:Usd", "3"), ("SpendCaps:0:Window", "Day"), ("SpendCaps:1:Name", "each"), ("SpendCaps:1:Usd", "2"), ("SpendCaps:1:PerTenant", "true"),
        ];
        await using Hosted hosted = await new Hosted(Hosted.Settings(settings), services: services => services.AddMetrics()).Start();
        using var listening = new Listening(hosted);
        BanditRouter router = hosted.Router;
        long now = hosted.Clock.GetUtcNow().UtcTicks;
        for (ulong tenant = 1; tenant <= 2; tenant++)
        {
            Assert.True(router.TryDecide(new Request { TimeTicks = now, Tenant = tenant, ReserveUsd = 0.25 }, out Decision decision));
            router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = tenant == 2 ? 2.75 : 1 });
        }

        router.SetPrices("large", 6, 30);
        Dictionary<string, List<(double Value, string Tags)>> read = listening.Read();
        Assert.Equal((0.5, 3.75), (Assert.Single(read["bandits.budget.rate"]).Value, Assert.Single(read["bandits.budget.charged"]).Value));
        Assert.True(Assert.Single(read["bandits.budget.price"]).Value >= 0);
        Assert.Equal([("all", 3), ("each", 2)], ByCap("bandits.cap.limit"));
        Assert.Equal([("all", 3.75), ("each", 2.75)], ByCap("bandits.cap.spent"));
        Assert.Equal([("all", 0.75), ("each", 0.75)], ByCap("bandits.cap.overshoot"));
        (double count, string tags) = Assert.Single(read["bandits.arm.changes"]);
        Assert.Equal(1, count);
        foreach (string tag in (string[])["bandits.arm=large", "bandits.component=cost", "bandits.direction=higher", "bandits.announced=True"]) Assert.Contains(tag, tags, StringComparison.Ordinal);
        router.SetPrices("large", 3, 15);
        router.SetPrices("large", 6, 30);
        Assert.Equal([1, 2], listening.Read()["bandits.arm.changes"].Select(m => m.Value).Order());
        Assert.Equal(3, hosted.Logs.Count(record => record.Id.Id == 11));

        (string, double)[] ByCap(string name) => [.. read[name].Select(m => (m.Tags.Split(' ').Single(tag => tag.StartsWith("bandits.cap=", StringComparison.Ordinal))["bandits.cap=".Length..], m.Value))];
    }

    [Fact]
    public async Task A_change_that_is_detected_is_told_once_and_counted()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(("Strategy", "Budgeted"), ("Budget:UsdPerDecision", "0.01")), services: services => services.AddMetrics()).Start();
        using var listening = new Listening(hosted);
        BanditRouter router = hosted.Router;
        int large = router.IndexOf("large");
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, large, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.003 }, 100);
        Assert.False(listening.Read().ContainsKey("bandits.arm.changes"));
        for (int i = 0; i < 100 && router.Changes.Count == 0; i++) router.Feed(segment, large, new Outcome { Kind = OutcomeKind.Failed, CostUsd = 0.003 });
        Assert.Equal(("large", false), (Assert.Single(router.Changes).ArmId, router.Changes[0].IsAnnounced));
        (double count, string tags) = Assert.Single(listening.Read()["bandits.arm.changes"]);
        Assert.Equal(1, count);
        foreach (string tag in (string[])["bandits.arm=large", "bandits.component=quality", "bandits.direction=lower", "bandits.announced=False"]) Assert.Contains(tag, tags, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(listening.Read()["bandits.arm.changes"]).Value);
        Assert.Contains("large", Assert.Single(hosted.Logs, record => record.Id.Id == 11).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_are_bounded()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(("MetricArms", "3")), bandits =>
        {
            for (int i = 0; i < 50; i++) bandits.AddArm($"arm-{i:00}");
        }, services: services => services.AddMetrics()).Start();
        using var listening = new Listening(hosted);
        SegmentKey segment = hosted.Router.SegmentOf("planner");
        for (int arm = 0; arm < 52; arm++) hosted.Router.Force(segment, arm);
        List<(double Value, string Tags)> decisions = listening.Read()["bandits.decisions"];
        Assert.Equal(52, decisions.Sum(m => m.Value));
        Assert.Equal(49, decisions.Where(m => m.Tags.Contains("bandits.arm=(other)", StringComparison.Ordinal)).Sum(m => m.Value));
        Assert.Equal(4, decisions.Select(m => m.Tags.Split(' ').Single(tag => tag.StartsWith("bandits.arm=", StringComparison.Ordinal))).Distinct().Count());
    }

    [Fact]
    public async Task One_of_64_decisions_is_timed_while_somebody_listens()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(), services: services => services.AddMetrics()).Start();
        SegmentKey segment = hosted.Router.SegmentOf("planner");
        for (int i = 0; i < 640; i++) hosted.Router.TryDecide(new Request(segment), out _);
        using var collector = new MetricCollector<double>(hosted.Services.GetRequiredService<IMeterFactory>(), "Bandits", "bandits.decide.duration");
        for (int i = 0; i < 640; i++) hosted.Router.TryDecide(new Request(segment), out _);
        Assert.Equal(10, collector.GetMeasurementSnapshot().Count);
    }

    [Fact]
    public async Task Two_routers_share_the_instruments_and_differ_by_label()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(), services: services =>
        {
            services.AddMetrics();
            services.AddBandits("chat", options => options.Arms["x"] = new ArmOptions());
        }).Start();
        using var listening = new Listening(hosted);
        Assert.True(hosted.Router.TryDecide(default, out _));
        Assert.True(hosted.Services.GetRequiredKeyedService<BanditRouter>("chat").TryDecide(default, out _));
        List<(double Value, string Tags)> decisions = listening.Read()["bandits.decisions"];
        Assert.Equal(["bandits.router=chat", "bandits.router=default"], decisions.Select(m => m.Tags.Split(' ').Single(tag => tag.StartsWith("bandits.router=", StringComparison.Ordinal))).Order());
    }

    [Fact]
    public async Task Recording_is_an_activity_with_its_result_or_error()
    {
        var stopped = new List<Activity>();
        string trace = "";
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == BanditsTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (stopped) stopped.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using Hosted hosted = await new Hosted(Hosted.Settings()).Start();
        using (Activity parent = new Activity("test").Start())
        {
            trace = parent.TraceId.ToString();
            Assert.True(hosted.Router.TryDecide(default, out Decision d));
            hosted.Router.Record(d, new Outcome { Kind = OutcomeKind.HumanReview });
            hosted.Router.Record(d, new Outcome { Kind = OutcomeKind.HumanReview });
            Assert.Throws<ArgumentException>(() => hosted.Router.Record(d, new Outcome()));
        }

        Activity[] mine;
        lock (stopped) mine = [.. stopped.Where(activity => activity.TraceId.ToString() == trace && activity.OperationName == "bandits.record")];
        Assert.Equal(["applied", "already_known", null], mine.Select(activity => activity.GetTagItem("bandits.record.result")));
        Assert.Equal(["human_review", "human_review", "none"], mine.Select(activity => activity.GetTagItem("bandits.outcome.kind")));
        Assert.Equal(ActivityStatusCode.Error, mine[2].Status);
    }

    /// <summary>Listens to all instruments of a host from now on; each reading is that of the moment.</summary>
    private sealed class Listening : IDisposable
    {
        private readonly MeterListener _listener;
        private Dictionary<string, List<(double Value, string Tags)>> _read = [];

        public Listening(Hosted hosted)
        {
            object scope = hosted.Services.GetRequiredService<IMeterFactory>();
            _listener = new MeterListener
            {
                InstrumentPublished = (instrument, self) =>
                {
                    if (instrument.Meter.Name == BanditsTelemetry.MeterName && instrument.Meter.Scope == scope) self.EnableMeasurementEvents(instrument);
                },
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();
            Read(); // so that counting has begun
        }

        public Dictionary<string, List<(double Value, string Tags)>> Read()
        {
            _read = [];
            _listener.RecordObservableInstruments();
            return _read;
        }

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (!_read.TryGetValue(instrument.Name, out List<(double, string)>? list)) _read[instrument.Name] = list = [];
            list.Add((value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
        }
    }
}
