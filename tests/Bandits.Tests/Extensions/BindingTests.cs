using Bandits.Extensions;
using Bandits.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Bandits.Tests.Extensions;

/// <summary>Configuration in every accepted spelling means the same, and what it cannot mean is refused by name.</summary>
public sealed class BindingTests
{
    [Fact]
    public void The_original_s_names_bind_flat_or_in_its_groups()
    {
        BanditsOptions flat = Bound(
            """{"strategy":"balanced","min_samples":7,"success_weight":0.8,"cost_weight":0.2,"exploration_rate":0.05,"min_confidence":0.9,"optimization_threshold":0.01,"sync_interval":60,"storage_dir":"d"}""");
        BanditsOptions grouped = Bound(
            """
            {"learning":{"strategy":"balanced","min_samples":7,"success_weight":0.8,"cost_weight":0.2,"exploration_rate":0.05},
             "tracking":{"storage_dir":"d","rae_integration":true,"sync_interval":60},
             "analytics":{"min_confidence":0.9,"optimization_threshold":0.01}}
            """);
        foreach (BanditsOptions options in new[] { flat, grouped })
        {
            RouterOptions router = options.ToRouterOptions();
            Assert.Equal(
                (Strategy.Balanced, 7.0, 0.8, 0.2, 0.05, 0.9, 0.01),
                (router.Strategy, router.MinSamples, router.SuccessWeight, router.CostWeight, router.ExplorationRate, router.MinConfidence, router.MinSavingUsd));
            Assert.Equal("d", options.Directory);
        }
    }

    [Fact]
    public void Every_kind_of_setting_binds()
    {
        BanditsOptions options = Bound(
            """
            {"Strategy":"adaptive-drift","Law":"Student","TokenKey":"AAECAwQFBgcICQoLDA0ODw==","SwitchCostUsd":"Infinity","MaxRestoredCells":2048,
             "Dimensions":["team","task"],
             "Arms":{"a":{"Provider":"p","Tier":"Advanced","Capabilities":["code","review"],"InputUsdPerMillionTokens":1.5,"ContextWindow":8192,"PriorQuality":0.8,"PriorSamples":4},
                     "b":{"Id":"vendor:b","Enabled":false,"SimilarTo":"a","ExplorationUsd":3},
                     "c":{"InputUsdPerMillionTokens":1,"OutputUsdPerMillionTokens":2,"PriorFromPriceTier":true}},
             "BaselineRules":[{"Pattern":"team=core|edge","Capability":"code","Tier":"Advanced"},{}],
             "Forgetting":{"Window":500},"Drift":{"Detector":"Cusum","Components":"Quality, Latency","FalseAlarm":0.001},
             "SafetyGate":{"BaselineArmId":"a","Fraction":0.1,"Scope":"team"},"LatencyLimit":{"Seconds":2.5,"MostExceeding":0.01},"SuccessUsd":0.4,"Budget":{"UsdPerDecision":0.002,"Horizon":77},
             "ArmDrift":{"Components":"Cost","OutcomesPerFalseAlarm":5000,"ProbingDecisions":40},
             "SpendCaps":[{"Name":"all","Usd":20,"Window":"Day"},{"Name":"each","Usd":0.5,"PerTenant":true,"Provider":"p"}],"LastResortArmId":"a",
             "Store":{"Durability":"EachCommit","FlushInterval":"00:00:00.05","QueueBytes":65536,"SegmentBytes":1048576},
             "SnapshotInterval":"00:05:00","ExpireAfter":"0","MetricArms":7,"Incarnation":9}
            """);
        RouterOptions router = options.ToRouterOptions();
        Assert.Empty(router.Validate());
        Assert.Equal((Strategy.AdaptiveDrift, BeliefLaw.Student, double.PositiveInfinity, 2048), (router.Strategy, router.Law, router.SwitchCostUsd, router.MaxRestoredCells));
        Assert.Equal(16, router.TokenKey!.Length);
        Assert.Equal(["team", "task"], router.Dimensions);
        Assert.Equal(["a", "vendor:b", "c"], router.Arms.Select(arm => arm.Id));
        Arm a = router.Arms[0];
        Assert.Equal(("p", ArmTier.Advanced, 1.5, null, 8192, 0.8, 4.0), (a.Provider, a.Tier, a.InputUsdPerMillionTokens, a.OutputUsdPerMillionTokens, a.ContextWindow, a.PriorQuality, a.PriorSamples));
        Assert.Equal(["code", "review"], a.Capabilities);
        Assert.Equal([false, false, true], router.Arms.Select(arm => arm.PriorFromPriceTier));
        Assert.Equal(("a", 3.0), (router.Arms[1].SimilarTo, router.Arms[1].ExplorationUsd));
        Assert.Equal((new LatencyLimit { Seconds = 2.5, MostExceeding = 0.01 }, 0.4), (router.LatencyLimit, router.SuccessUsd));
        Assert.Equal(new Budget { UsdPerDecision = 0.002, Horizon = 77 }, router.Budget);
        Assert.Equal(new ArmDriftDetection { Components = OutcomeComponents.Cost, OutcomesPerFalseAlarm = 5000, ProbingDecisions = 40 }, router.ArmDrift);
        Assert.Equal([new("vendor:b", ArmStatus.Disabled)], router.ArmStatuses);
        Assert.Equal([("team=core|edge", "code", ArmTier.Advanced), ("", null, null)], router.BaselineRules!.Select(rule => (rule.Pattern, rule.Capability, rule.Tier)));
        Assert.Equal(500, router.Forgetting!.Value.Outcomes);
        Assert.Equal((ChangeDetector.Cusum, OutcomeComponents.Quality | OutcomeComponents.Latency, 0.001, 64), (router.Drift!.Detector, router.Drift.Components, router.Drift.FalseAlarm, router.Drift.Maturity));
        Assert.Equal(new SafetyGate { BaselineArmId = "a", Fraction = 0.1, Scope = "team" }, router.SafetyGate);
        Assert.Equal([new SpendCap { Name = "all", Usd = 20, Window = SpendWindow.Day }, new SpendCap { Name = "each", Usd = 0.5, PerTenant = true, Provider = "p" }], router.SpendCaps);
        Assert.Equal("a", router.LastResortArmId);
        Assert.Equal((Durability.EachCommit, TimeSpan.FromMilliseconds(50), 65536, 1L << 20), (options.Store.Durability, options.Store.FlushInterval, options.Store.QueueBytes, options.Store.SegmentBytes));
        Assert.Equal((TimeSpan.FromMinutes(5), TimeSpan.Zero, 7, 9UL), (options.SnapshotInterval, options.ExpireAfter, options.MetricArms, options.Incarnation));
    }

    [Fact]
    public void Arms_may_be_a_list_with_ids()
    {
        RouterOptions router = Bound("""{"Arms":[{"Id":"x:1"},{"Id":"y_2","Provider":"p"}]}""").ToRouterOptions();
        Assert.Equal([("x:1", "default"), ("y_2", "p")], router.Arms.Select(arm => (arm.Id, arm.Provider)));
    }

    [Fact]
    public void Names_of_arms_keep_their_underscores()
    {
        Assert.Equal(["gpt_4-o"], Bound("""{"arms":{"gpt_4-o":{"input_usd_per_million_tokens":1}}}""").ToRouterOptions().Arms.Select(arm => arm.Id));
    }

    [Theory]
    [InlineData("""{"ExplorationRat":0.1}""", "ExplorationRat")]
    [InlineData("""{"Arms":{"a":{"Prise":1}}}""", "Prise")]
    [InlineData("""{"Store":{"Durabilty":"None"}}""", "Durabilty")]
    [InlineData("""{"MinSamples":"many"}""", "many")]
    [InlineData("""{"Strategy":"greedy"}""", "greedy")]
    [InlineData("""{"Arms":["small"]}""", "'small'")]
    [InlineData("""{"Arms":"small"}""", "holds arms by name")]
    [InlineData("""{"Arms":[{"Provider":"p"}]}""", "number 0")]
    [InlineData("""{"ExplorationRate":0.1,"exploration_rate":0.2}""", "one setting")]
    public void What_cannot_be_read_is_a_fault_that_names_it(string json, string named) =>
        Assert.Contains(Faults(json), fault => fault.Contains(named, StringComparison.Ordinal));

    [Fact]
    public void A_section_that_is_not_there_is_a_fault()
    {
        var services = new ServiceCollection();
        services.AddBandits(new ConfigurationBuilder().Build().GetSection("Bandts"));
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Contains("'Bandts' does not exist", Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<BanditRouter>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_empty_is_meant_so()
    {
        BanditsOptions options = Bound("""{"Dimensions":[],"BaselineRules":[],"Drift":{},"Arms":{"10":{"Id":"ten"},"2":{"Id":"two"}}}""");
        RouterOptions router = options.ToRouterOptions();
        Assert.Empty(router.Dimensions);
        Assert.Empty(router.BaselineRules!);
        Assert.Equal(new DriftDetection(), router.Drift);
        Assert.Equal(["two", "ten"], router.Arms.Select(arm => arm.Id));
        Assert.Contains("BaselineArmId", Assert.Single(Faults("""{"SafetyGate":{},"Arms":{"a":{}}}"""), fault => fault.Contains("BaselineArmId", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(Faults("""{"BaselineRules":[{"Pattern":"x"}]}"""), fault => fault.Contains("'x' is not of the form", StringComparison.Ordinal));
    }

    [Fact]
    public void An_arm_keeps_the_spelling_of_the_first_source_whichever_a_later_one_has()
    {
        IConfiguration root = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream("{\"Bandits\":{\"Arms\":{\"small\":{\"PriorQuality\":0.7},\"large\":{}}}}"u8.ToArray()))
            .AddInMemoryCollection(new Dictionary<string, string?> { ["BANDITS:ARMS:SMALL:PROVIDER"] = "acme" }).Build();
        var options = new BanditsOptions();
        OptionsSection.Bind(root.GetSection("Bandits"), options, root);
        Assert.Empty(options.BindingFaults);
        Assert.Equal([("large", "default", 0.5), ("small", "acme", 0.7)], options.ToRouterOptions().Arms.Select(a => (a.Id, a.Provider, a.PriorQuality)));
    }

    [Fact]
    public void The_later_source_wins_whatever_the_spelling()
    {
        foreach ((string first, string second) in new[] { ("exploration_rate", "ExplorationRate"), ("ExplorationRate", "exploration_rate"), ("learning:exploration_rate", "ExplorationRate"), ("ExplorationRate", "learning:exploration_rate") })
        {
            IConfiguration root = new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["Bandits:" + first] = "0.1" })
                .AddInMemoryCollection(new Dictionary<string, string?> { ["Bandits:" + second] = "0.2" }).Build();
            var options = new BanditsOptions();
            OptionsSection.Bind(root.GetSection("Bandits"), options, root);
            Assert.Empty(options.BindingFaults);
            Assert.Equal(0.2, options.ExplorationRate);
        }
    }

    [Fact]
    public void A_section_after_code_replaces_lists_and_adds_to_arms()
    {
        var services = new ServiceCollection();
        services.AddBandits(o => { }).UseDimensions("team", "task").AddArm("a", arm => arm.Capabilities.Add("code"));
        services.AddBandits(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["B:Dimensions:0"] = "role", ["B:Arms:a:Capabilities:0"] = "docs", ["B:Arms:a:Provider"] = "p" }).Build().GetSection("B"));
        using ServiceProvider provider = services.BuildServiceProvider();
        BanditRouter router = provider.GetRequiredService<BanditRouter>();
        Assert.Equal(["role"], router.Dimensions);
        Assert.Equal(("p", 1, "docs"), (router.ArmAt(0).Provider, router.ArmAt(0).Capabilities.Count, router.ArmAt(0).Capabilities[0]));
    }

    [Fact]
    public void Code_that_throws_is_a_fault_among_the_others()
    {
        var services = new ServiceCollection();
        services.AddBandits(o => o.MetricArms = 0).ConfigureRouter(_ => throw new InvalidOperationException("not today"));
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal(2, Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<BanditRouter>()).Failures.Count());
    }

    [Theory]
    [InlineData("../elsewhere")]
    [InlineData("archive")]
    [InlineData("default")]
    [InlineData(".hidden")]
    public void A_name_that_is_no_folder_and_no_label_is_refused(string name) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => new ServiceCollection().AddBandits(name, _ => { })).Message, StringComparison.Ordinal);

    [Fact]
    public void All_faults_are_listed_at_once()
    {
        string[] faults = Faults(
            """
            {"ExplorationRate":2,"MinSamples":-1,"Arms":{"a":{"PriorQuality":7}},"Store":{"QueueBytes":5},"SnapshotInterval":"-00:00:01","ExpireAfter":"00:00:00.5","MetricArms":0,"Incarnation":0,
             "BaselineRules":[{"Pattern":"role"}]}
            """);
        foreach (string part in new[] { "'role' is not of the form", "Store: QueueBytes is 5", "SnapshotInterval is -00:00:01", "ExpireAfter is 00:00:00.5", "MetricArms is 0", "Incarnation is 0" })
            Assert.Contains(faults, fault => fault.Contains(part, StringComparison.Ordinal));
        string[] router = Faults("""{"ExplorationRate":2,"MinSamples":-1,"Arms":{"a":{"PriorQuality":7}},"Forgetting":{"Window":5}}""");
        foreach (string part in new[] { "ExplorationRate is 2", "MinSamples is -1", "PriorQuality is 7" }) Assert.Contains(router, fault => fault.Contains(part, StringComparison.Ordinal));
        Assert.Contains("takes one of them", Assert.Single(Faults("""{"Forgetting":{"Window":5,"Discount":0.5}}""")), StringComparison.Ordinal);
        Assert.Contains("gamma is 2", Assert.Single(Faults("""{"Forgetting":{"Discount":2}}""")), StringComparison.Ordinal);
    }

    private static BanditsOptions Bound(string json)
    {
        var options = new BanditsOptions();
        OptionsSection.Bind(Section(json), options);
        Assert.Empty(options.BindingFaults);
        return options;
    }

    private static string[] Faults(string json)
    {
        var services = new ServiceCollection();
        services.AddBandits(Section(json));
        using ServiceProvider provider = services.BuildServiceProvider();
        return [.. Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<BanditRouter>()).Failures];
    }

    private static IConfigurationSection Section(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes($$"""{"Bandits":{{json}}}"""))).Build().GetSection("Bandits");
}
