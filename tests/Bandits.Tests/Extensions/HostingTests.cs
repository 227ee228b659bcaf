using Bandits.Extensions;
using Bandits.Storage;
using Bandits.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

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
        for (int i = 0; i < 2000 && hosted.Router.CountPending() > 0; i++)
        {
            hosted.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        Assert.Equal(0, hosted.Router.CountPending());
        Assert.Contains(hosted.Router.Tally().Outcomes, o => o.Kind == OutcomeKind.Expired && o.Count == 1);
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
}
