using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Bandits.Tests.Extensions;

/// <summary>A router follows its configuration: good changes as a whole, bad ones not at all, and evidence stays.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task Weights_exploration_prices_and_arms_follow_configuration_and_evidence_stays()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(("AdaptExploration", "false"))).Start();
        BanditRouter router = hosted.Router;
        SegmentKey segment = router.SegmentOf("planner");
        Assert.True(router.TryDecide(new Request(segment), out Decision open));
        Dictionary<string, string?> changed = Hosted.Settings(
            ("AdaptExploration", "false"), ("ExplorationRate", "0.3"), ("SuccessWeight", "0.5"), ("Arms:small:InputUsdPerMillionTokens", "9"), ("Arms:new:Provider", "p"), ("Arms:large:Enabled", "false"));
        hosted.Reload(changed);
        Assert.Equal((0.3, Objective.FromWeights(0.5, 0.3, 0.1)), (router.ExplorationRateOf(segment), router.Objective));
        Assert.Equal(9, router.ArmAt(router.IndexOf("small")).InputUsdPerMillionTokens);
        Assert.Equal((ArmStatus.Enabled, ArmStatus.Disabled), (router.StatusAt(router.IndexOf("new")), router.StatusAt(router.IndexOf("large"))));
        Assert.Equal(Recorded.Applied, router.Record(open, new Outcome { Kind = OutcomeKind.Success }));
        changed.Remove("Bandits:Arms:new:Provider");
        hosted.Reload(changed);
        Assert.Equal(ArmStatus.Disabled, router.StatusAt(router.IndexOf("new"))); // it left configuration
        Assert.Equal(2, hosted.Logs.Count(record => record.Id.Id == 4));
    }

    [Fact]
    public async Task A_bad_reload_is_refused_with_every_fault_and_the_old_settings_stay()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings()).Start();
        RouterSettings before = hosted.Router.Settings;
        Assert.ThrowsAny<Exception>(() => hosted.Reload(Hosted.Settings(("ExplorationRate", "2"), ("MinSamples", "-1")))); // the options monitor tells whoever reloads
        Assert.Same(before, hosted.Router.Settings);
        string[] told = [.. hosted.Logs.Where(record => record.Level == LogLevel.Error).Select(record => record.Message)];
        Assert.Equal(2, told.Length);
        Assert.Contains(told, line => line.Contains("ExplorationRate is 2", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("MinSamples is -1", StringComparison.Ordinal));

        hosted.Reload(Hosted.Settings(("LedgerCapacity", "1024"))); // valid, but not while it runs
        Assert.Same(before, hosted.Router.Settings);
        Assert.Contains("LedgerCapacity is 1024; the router runs with 65536", hosted.Logs[^1].Message, StringComparison.Ordinal);

        hosted.Reload(Hosted.Settings(("ExplorationRate", "0.2")));
        Assert.Equal(0.2, hosted.Router.Settings.ExplorationRate);
    }

    [Fact]
    public async Task An_arm_disabled_by_hand_stays_so_until_its_own_setting_changes()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings()).Start();
        int large = hosted.Router.IndexOf("large");
        hosted.Router.DisableArm("large");
        hosted.Reload(Hosted.Settings(("ExplorationRate", "0.2")));
        Assert.Equal(ArmStatus.Disabled, hosted.Router.StatusAt(large));
        hosted.Reload(Hosted.Settings(("Arms:large:Enabled", "false")));
        hosted.Reload(Hosted.Settings());
        Assert.Equal(ArmStatus.Enabled, hosted.Router.StatusAt(large));
        hosted.Router.RetireArm("small");
        hosted.Reload(Hosted.Settings(("Arms:small:Enabled", "false")));
        Assert.Equal(ArmStatus.Retired, hosted.Router.StatusAt(hosted.Router.IndexOf("small")));
        Assert.DoesNotContain(hosted.Logs, record => record.Level == LogLevel.Error);
    }

    [Fact]
    public async Task A_reload_of_somebody_else_s_settings_leaves_the_router_alone()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings()).Start();
        RouterSettings before = hosted.Router.Settings;
        Dictionary<string, string?> settings = Hosted.Settings();
        settings["Logging:LogLevel:Default"] = "Debug";
        hosted.Reload(settings);
        Assert.Same(before, hosted.Router.Settings);
        Assert.DoesNotContain(hosted.Logs, record => record.Id.Id == 4);
    }

    [Fact]
    public async Task A_change_that_needs_a_start_is_refused_by_name_and_no_secret_is_told()
    {
        string folder = Directory.CreateTempSubdirectory("bandits-reload-").FullName;
        try
        {
            string first = Convert.ToBase64String(new byte[16]), second = Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 16)]);
            await using Hosted hosted = await new Hosted(Hosted.Settings(("Directory", folder), ("TokenKey", first)), services: s => s.AddHealthChecks().AddBandits()).Start();
            hosted.Reload(Hosted.Settings(("Directory", folder + "-other"), ("TokenKey", second), ("Store:Durability", "EachCommit"), ("Incarnation", "77"), ("MetricArms", "7")));
            string[] told = [.. hosted.Logs.Where(record => record.Id.Id == 5).Select(record => record.Message)];
            Assert.Equal(5, told.Length);
            foreach (string name in new[] { "Directory", "TokenKey", "Store.Durability", "Incarnation", "MetricArms" }) Assert.Contains(told, line => line.Contains(name, StringComparison.Ordinal));
            Assert.ThrowsAny<Exception>(() => hosted.Reload(Hosted.Settings(("Directory", folder), ("TokenKey", "hunter2-hunter2-hunter2!"))));
            string all = string.Join(' ', hosted.Logs.Select(record => record.Message)) + (await hosted.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["bandits"].Description;
            Assert.DoesNotContain("hunter2", all, StringComparison.Ordinal);
            Assert.DoesNotContain(second, all, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_change_while_the_router_opens_is_not_lost()
    {
        Hosted? hosted = null;
        bool isDone = false;
        hosted = new Hosted(Hosted.Settings(("ExplorationRate", "0.1")), bandits => bandits.ConfigureRouter(_ =>
        {
            if (isDone || hosted is null) return;
            isDone = true;
            hosted.Reload(Hosted.Settings(("ExplorationRate", "0.3")));
        }));
        await using (hosted) Assert.Equal(0.3, hosted.Router.Settings.ExplorationRate);
    }

    [Fact]
    public async Task A_policy_with_a_state_that_code_makes_anew_does_not_stand_in_the_way()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(), bandits => bandits.ConfigureRouter(router => router.Policy = new Bandits.Policies.Exp3IxPolicy())).Start();
        hosted.Reload(Hosted.Settings(("SuccessWeight", "0.5")));
        Assert.Equal(Objective.FromWeights(0.5, 0.3, 0.1), hosted.Router.Objective);
    }

    [Fact]
    public async Task A_status_that_code_gives_follows_a_reload()
    {
        ArmStatus status = ArmStatus.Enabled;
        await using Hosted hosted = await new Hosted(Hosted.Settings(), bandits => bandits.ConfigureRouter(router => router.ArmStatuses["large"] = status)).Start();
        status = ArmStatus.Disabled;
        hosted.Reload(Hosted.Settings(("ExplorationRate", "0.2")));
        Assert.Equal(ArmStatus.Disabled, hosted.Router.StatusAt(hosted.Router.IndexOf("large")));
    }

    [Fact]
    public async Task A_changed_file_reaches_the_router_and_a_broken_one_harms_nobody()
    {
        string folder = Directory.CreateTempSubdirectory("bandits-reload-").FullName;
        string file = Path.Combine(folder, "settings.json");
        try
        {
            await File.WriteAllTextAsync(file, """{"Bandits":{"Arms":{"a":{},"b":{}},"ExplorationRate":0.1}}""");
            var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager();
            Microsoft.Extensions.Configuration.JsonConfigurationExtensions.AddJsonFile(configuration, file, optional: false, reloadOnChange: true);
            var services = new ServiceCollection();
            services.AddFakeLogging();
            services.AddBandits(configuration.GetSection("Bandits"));
            await using ServiceProvider provider = services.BuildServiceProvider();
            BanditRouter router = provider.GetRequiredService<BanditRouter>();
            await File.WriteAllTextAsync(file, """{"Bandits":{"Arms":{"a":{},"b":{}},"ExplorationRate":7}}""");
            await Until(() => provider.GetFakeLogCollector().GetSnapshot().Any(record => record.Id.Id == 5));
            Assert.Equal(0.1, router.Settings.ExplorationRate);
            await File.WriteAllTextAsync(file, """{"Bandits":{"Arms":{"a":{},"b":{}},"ExplorationRate":0.25}}""");
            await Until(() => router.Settings.ExplorationRate == 0.25);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Health_tells_of_a_refused_reload_until_a_good_one_comes()
    {
        await using Hosted hosted = await new Hosted(Hosted.Settings(), services: services => services.AddHealthChecks().AddBandits()).Start();
        var health = hosted.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);
        Assert.ThrowsAny<Exception>(() => hosted.Reload(Hosted.Settings(("ExplorationRate", "2"))));
        HealthReportEntry entry = (await health.CheckHealthAsync()).Entries["bandits"];
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("ExplorationRate is 2", entry.Description, StringComparison.Ordinal);
        hosted.Reload(Hosted.Settings(("Arms:small:Enabled", "false"), ("Arms:large:Enabled", "false")));
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);
        hosted.Reload(Hosted.Settings());
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);
    }

    private static async Task Until(Func<bool> condition)
    {
        for (int i = 0; i < 600 && !condition(); i++) await Task.Delay(50);
        Assert.True(condition(), "what was waited for did not come in half a minute");
    }
}
