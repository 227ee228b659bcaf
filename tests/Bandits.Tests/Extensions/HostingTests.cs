using Bandits.Extensions;
using Bandits.Storage;
using Bandits.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Bandits.Tests.Extensions;

/// <summary>What a host does for a router: opens it before anything is served, moves its clock, expires, saves, and ends without losing anything.</summary>
public sealed class HostingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bandits-hosting-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Invalid_options_keep_a_host_from_starting_with_all_faults_listed()
    {
        await using var hosted = new Hosted(Hosted.Settings(("ExplorationRate", "2"), ("MinSamples", "-1")));
        var error = await Assert.ThrowsAsync<OptionsValidationException>(hosted.Start);
        Assert.Equal(2, error.Failures.Count());
    }

    [Fact]
    public async Task What_was_learnt_is_there_after_a_graceful_stop()
    {
        Dictionary<string, string?> settings = Hosted.Settings(("Directory", _folder), ("Store:Durability", "None"));
        Evidence[] learnt;
        string token;
        await using (Hosted hosted = await new Hosted(settings).Start())
        {
            Assert.True(hosted.Store!.Directory == _folder);
            SegmentKey segment = hosted.Router.SegmentOf("planner");
            for (int i = 0; i < 500; i++)
            {
                Assert.True(hosted.Router.TryDecide(new Request(segment), out Decision d));
                hosted.Router.Record(d, new Outcome { Kind = i % 3 == 0 ? OutcomeKind.Failed : OutcomeKind.Success, CostUsd = 0.001 });
            }

            Assert.True(hosted.Router.TryDecide(new Request(segment), out Decision open));
            token = hosted.Router.TokenOf(open);
            await hosted.Stop();
            hosted.Router.Record(open, new Outcome { CostUsd = 0.5 }); // a request that ends after the stop
            learnt = [hosted.Router.EvidenceOf(segment, 0), hosted.Router.EvidenceOf(segment, 1)];
        }

        await using Hosted again = await new Hosted(settings).Start();
        SegmentKey same = again.Router.SegmentOf("planner");
        Assert.Equal(learnt, new[] { again.Router.EvidenceOf(same, 0), again.Router.EvidenceOf(same, 1) });
        Assert.Equal(500, learnt.Sum(evidence => evidence.QualityCount));
        Assert.Equal(Recorded.Applied, again.Router.Record(again.Router.ParseToken(token), new Outcome { Kind = OutcomeKind.Success }));
        Assert.DoesNotContain(again.Logs, record => record.Id.Id == 2);
    }

    [Fact]
    public async Task The_original_s_directory_variable_is_the_store_and_named_routers_have_folders_in_it()
    {
        Dictionary<string, string?> settings = Hosted.Settings();
        settings["ORCHESTRATOR_INTELLIGENCE_DIR"] = _folder;
        await using (Hosted hosted = await new Hosted(settings).Start()) Assert.Equal(_folder, hosted.Store!.Directory);
        await using Hosted named = await new Hosted(settings, name: "chat").Start();
        Assert.Equal(Path.Combine(_folder, "chat"), named.Services.GetRequiredKeyedService<RouterStore>("chat").Directory);
    }

    [Fact]
    public async Task Decisions_without_an_outcome_expire_and_the_clock_moves_by_itself()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(("ExpireAfter", "00:01:00"))).Start();
        SegmentKey segment = hosted.Router.SegmentOf("planner");
        Assert.True(hosted.Router.TryDecide(new Request(segment), out Decision first));
        Assert.Equal(hosted.Clock.GetUtcNow().UtcTicks, first.TimeTicks);
        for (int i = 0; i < 2000 && (hosted.Router.CountPending() > 0 || i < 70); i++)
        {
            hosted.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        Assert.Equal(0, hosted.Router.CountPending());
        Assert.Equal(1, Enumerable.Range(0, 2).Sum(arm => hosted.Router.EvidenceOf(segment, arm).CountOf(OutcomeKind.Expired)));
        Assert.Equal(Recorded.Corrected, hosted.Router.Record(first, new Outcome { Kind = OutcomeKind.Success }));
        Assert.True(hosted.Router.TryDecide(new Request(segment), out Decision second));
        Assert.True(second.TimeTicks > first.TimeTicks + TimeSpan.FromMinutes(1).Ticks);
    }

    [Fact]
    public async Task Snapshots_are_saved_every_so_often_and_at_the_end()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(("Directory", _folder), ("SnapshotInterval", "00:00:30"))).Start();
        for (int i = 0; i < 2000 && hosted.Store!.Statistics.Snapshots < 2; i++)
        {
            hosted.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        long saved = hosted.Store!.Statistics.Snapshots;
        Assert.True(saved >= 2);
        await hosted.Stop();
        Assert.True(hosted.Store.Statistics.Snapshots > saved);
    }

    [Fact]
    public async Task An_arm_that_only_the_store_knows_is_kept_out_and_keeps_its_evidence()
    {
        Dictionary<string, string?> settings = Hosted.Settings(("Directory", _folder), ("Arms:gone:Provider", "p"));
        await using (Hosted hosted = await new Hosted(settings).Start()) hosted.Router.Feed(hosted.Router.SegmentOf("planner"), hosted.Router.IndexOf("gone"), 3, 1);
        settings.Remove("Bandits:Arms:gone:Provider");
        await using (Hosted hosted = await new Hosted(settings).Start())
        {
            Assert.Equal(ArmStatus.Disabled, hosted.Router.StatusAt(hosted.Router.IndexOf("gone")));
            Assert.True(hosted.Router.EvidenceOf(hosted.Router.SegmentOf("planner"), hosted.Router.IndexOf("gone")) == Given.Evidence(3, 1));
            Assert.Contains(hosted.Logs, record => record.Id.Id == 3);
        }

        settings["Bandits:Arms:gone:Provider"] = "p";
        await using (Hosted hosted = await new Hosted(settings).Start())
        {
            Assert.Equal(ArmStatus.Disabled, hosted.Router.StatusAt(hosted.Router.IndexOf("gone"))); // by whom, the store does not know
            Assert.Contains(hosted.Logs, record => record.Id.Id == 10);
        }

        settings["Bandits:Arms:gone:Enabled"] = "true";
        await using Hosted again = await new Hosted(settings).Start();
        Assert.Equal(ArmStatus.Enabled, again.Router.StatusAt(again.Router.IndexOf("gone")));
    }

    [Fact]
    public async Task Named_routers_live_side_by_side_with_ids_of_their_own()
    {
        var services = new ServiceCollection();
        services.AddBandits(options => options.Arms["a"] = new ArmOptions());
        services.AddBandits("chat", options => options.Seed = 3).AddArm("b").AddArm("c", arm => arm.Provider = "p").UseStrategy(Strategy.Cost).UseDimensions("team")
            .UseObjective(0.9, 0.1, 0.02, 0.5).UseLedger(1024, TimeSpan.FromMinutes(2)).UseStore(Path.Combine(_folder, "chat"), how => how.Durability = Durability.EachCommit)
            .ConfigureRouter(router => router.Policy = Bandits.Policies.UniformPolicy.Instance);
        services.AddBandits("chat", options => options.MinSamples = 9); // adds to it
        await using ServiceProvider provider = services.BuildServiceProvider();
        BanditRouter plain = provider.GetRequiredService<BanditRouter>(), chat = provider.GetRequiredKeyedService<BanditRouter>("chat");
        Assert.Null(provider.GetService<RouterStore>());
        Assert.Equal(Path.Combine(_folder, "chat"), provider.GetRequiredKeyedService<RouterStore>("chat").Directory);
        Assert.Equal((1, 2, Strategy.Cost, 9.0), (plain.ArmCount, chat.ArmCount, chat.Strategy, chat.Settings.MinSamples));
        Assert.Equal(["team"], chat.Dimensions);
        Assert.IsType<Bandits.Policies.UniformPolicy>(chat.Settings.Policy);
        Assert.True(plain.TryDecide(new Request(plain.SegmentOf("x")), out Decision one) && chat.TryDecide(new Request(chat.SegmentOf("x")), out _));
        Assert.Throws<ArgumentException>(() => chat.Record(one, new Outcome { Kind = OutcomeKind.Success }));
        Assert.Equal(2, provider.GetServices<IHostedService>().Count());
    }

    [Fact]
    public async Task A_store_held_by_another_process_keeps_the_host_from_starting_and_says_so()
    {
        using StoreLock held = StoreLock.Acquire(_folder, TimeSpan.Zero, TimeProvider.System);
        await using var hosted = new Hosted(Hosted.Settings(("Directory", _folder), ("Store:LockWait", "0")));
        await Assert.ThrowsAnyAsync<IOException>(hosted.Start);
    }

    [Fact]
    public async Task Health_tells_of_a_damaged_store()
    {
        Dictionary<string, string?> settings = Hosted.Settings(("Directory", _folder), ("SnapshotInterval", "0"));
        await using (Hosted hosted = await new Hosted(settings).Start())
        {
            SegmentKey segment = hosted.Router.SegmentOf("planner");
            for (int i = 0; i < 200; i++) hosted.Router.Feed(segment, 0, 1, 0);
        }

        string journal = Directory.GetFiles(_folder, "*.journal").Concat(Directory.GetFiles(_folder, "*journal*")).First();
        byte[] bytes = await File.ReadAllBytesAsync(journal);
        for (int i = 3000; i < 3100; i++) bytes[i] ^= 0x55;
        await File.WriteAllBytesAsync(journal, bytes);
        await using Hosted again = await new Hosted(settings, services: services => services.AddHealthChecks().AddBandits()).Start();
        HealthReportEntry entry = (await again.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["bandits"];
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("1 places damaged", entry.Description, StringComparison.Ordinal);
        Assert.Contains(again.Logs, record => record.Id.Id == 2);
    }

    [Fact]
    public async Task Without_a_host_and_after_it_a_refusal_does_not_last_for_ever()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        services.AddBandits(options => { }).AddArm("a").AddArm("b");
        await using ServiceProvider provider = services.BuildServiceProvider();
        BanditRouter alone = provider.GetRequiredService<BanditRouter>();
        await using Hosted hosted = await new Hosted(Hosted.Settings()).Start();
        await hosted.Stop();
        foreach (BanditRouter router in new[] { alone, hosted.Router })
        {
            router.Record(router.Force(default, 0), new Outcome { Kind = OutcomeKind.Unavailable, RetryAfter = TimeSpan.FromSeconds(5) });
            Assert.Equal(Ineligibility.None, router.Explain(default).Arms[0].WhyNot);
        }
    }

    [Fact]
    public async Task A_loop_that_fails_once_goes_on()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(("ExpireAfter", "00:00:10")), services: s => s.AddLogging(b => b.SetMinimumLevel(LogLevel.Debug).AddProvider(new ThrowingOnce()))).Start();
        for (int round = 0; round < 2; round++)
        {
            Assert.True(hosted.Router.TryDecide(default, out _));
            for (int i = 0; i < 3000 && hosted.Router.CountPending() > 0; i++)
            {
                hosted.Clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(1);
            }

            Assert.Equal(0, hosted.Router.CountPending());
        }
    }

    [Fact]
    public async Task An_arm_retired_by_hand_and_still_configured_leaves_later_starts_well()
    {
        Dictionary<string, string?> settings = Hosted.Settings(("Directory", _folder), ("Arms:large:Enabled", "true"));
        await using (Hosted hosted = await new Hosted(settings).Start()) hosted.Router.RetireArm("large");
        await using Hosted again = await new Hosted(settings, services: services => services.AddHealthChecks().AddBandits()).Start();
        Assert.DoesNotContain(again.Logs, record => record.Id.Id == 2);
        Assert.Equal(HealthStatus.Healthy, (await again.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status);
        Assert.Equal(ArmStatus.Retired, again.Router.StatusAt(again.Router.IndexOf("large")));
    }

    [Fact]
    public async Task An_opening_that_failed_late_gives_the_store_back()
    {
        var services = new ServiceCollection();
        var source = new Failing();
        services.AddSingleton<IOptionsChangeTokenSource<BanditsOptions>>(source);
        services.AddBandits(options => { }).AddArm("a").UseStore(_folder, s => s.LockWait = TimeSpan.Zero);
        await using ServiceProvider provider = services.BuildServiceProvider();
        provider.GetRequiredService<IOptionsMonitor<BanditsOptions>>();
        source.Fails = true;
        Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<BanditRouter>());
        source.Fails = false;
        Assert.NotNull(provider.GetRequiredService<BanditRouter>());
    }

    [Fact]
    public async Task Waiting_for_a_held_store_ends_under_a_clock_that_stands_still()
    {
        using StoreLock held = StoreLock.Acquire(_folder, TimeSpan.Zero, TimeProvider.System);
        await using var hosted = new Hosted(Hosted.Settings(("Directory", _folder), ("Store:LockWait", "00:00:00.2")));
        await Assert.ThrowsAnyAsync<IOException>(() => hosted.Start().WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task What_a_service_records_while_it_is_disposed_is_kept()
    {
        var services = new ServiceCollection();
        services.AddBandits(o => { }).AddArm("a").UseStore(_folder);
        services.AddSingleton<Recorder>();
        ServiceProvider provider = services.BuildServiceProvider();
        Recorder recorder = provider.GetRequiredService<Recorder>();
        provider.GetRequiredService<RouterStore>().Flush(); // somebody, later
        await provider.DisposeAsync();
        Assert.Null(recorder.Error);
    }

    [Fact]
    public async Task A_shorter_snapshot_interval_is_followed_and_without_one_a_snapshot_is_saved_at_the_end()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(("Directory", _folder), ("SnapshotInterval", "30.00:00:00"))).Start();
        hosted.Reload(Hosted.Settings(("Directory", _folder), ("SnapshotInterval", "00:00:10")));
        for (int i = 0; i < 3000 && hosted.Store!.Statistics.Snapshots == 0; i++)
        {
            hosted.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        Assert.True(hosted.Store!.Statistics.Snapshots > 0);
        hosted.Reload(Hosted.Settings(("Directory", _folder), ("SnapshotInterval", "0")));
        long before = hosted.Store.Statistics.Snapshots;
        await hosted.Stop();
        Assert.True(hosted.Store.Statistics.Snapshots > before);
    }

    private sealed class Recorder(BanditRouter router) : IDisposable
    {
        public Exception? Error { get; private set; }

        public void Dispose() => Error = Xunit.Record.Exception(() =>
        {
            Assert.True(router.TryDecide(default, out Decision d));
            router.Record(d, new Outcome { Kind = OutcomeKind.Success });
        });
    }

    private sealed class Failing : IOptionsChangeTokenSource<BanditsOptions>
    {
        public bool Fails { get; set; }

        public string? Name => "";

        public IChangeToken GetChangeToken() => Fails ? throw new InvalidOperationException("no") : new CancellationChangeToken(CancellationToken.None);
    }

    private sealed class ThrowingOnce : ILoggerProvider, ILogger
    {
        private int _thrown;

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 6 && Interlocked.Exchange(ref _thrown, 1) == 0) throw new InvalidOperationException("the sink is gone");
        }
    }
}
