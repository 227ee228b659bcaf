using Bandits.Tests.Support;

namespace Bandits.Tests;

/// <summary>Settings of a running router change as a whole or not at all, and evidence stays.</summary>
public sealed class ReconfigureTests
{
    [Fact]
    public void Weights_exploration_prices_and_arms_change_and_evidence_stays()
    {
        BanditRouter router = Given.Router(o => o.AdaptExploration = false);
        SegmentKey segment = router.SegmentOf("implementer", "core", "low", "small");
        for (int arm = 0; arm < 4; arm++) router.Feed(segment, arm, 10 + arm, 5);
        Evidence[] before = [.. Enumerable.Range(0, 4).Select(arm => router.EvidenceOf(segment, arm))];
        Decision open = router.Force(segment, 0);

        RouterOptions changed = Given.Options(o =>
        {
            (o.AdaptExploration, o.ExplorationRate, o.SuccessWeight, o.Strategy) = (false, 0.25, 0.9, Strategy.Learning);
            o.Arms[0] = o.Arms[0] with { InputUsdPerMillionTokens = 100 };
            o.Arms.Add(new Arm { Id = "new", Provider = "east" });
            o.ArmStatuses["local"] = ArmStatus.Disabled;
        });
        router.Reconfigure(changed);

        Explanation explanation = router.Explain(new Request(segment));
        Assert.Equal(0.25, explanation.ExplorationRate);
        Assert.Equal(Objective.FromWeights(0.9, 0.3, 0.1), router.Objective);
        Assert.Equal(100, router.ArmAt(0).InputUsdPerMillionTokens);
        Assert.Equal((ArmStatus.Disabled, 0.0), (router.StatusAt(3), explanation.Arms[3].Probability));
        Assert.Equal("new", router.ArmAt(4).Id);
        Assert.Equal(0.0625, explanation.Arms.Where(a => a.Probability > 0).Min(a => a.Probability), 1e-12);
        Assert.Equal(before, Enumerable.Range(0, 4).Select(arm => router.EvidenceOf(segment, arm)));
        Assert.Equal(Recorded.Applied, router.Record(open, new Outcome { Kind = OutcomeKind.Success }));
    }

    [Fact]
    public void A_kept_plan_does_not_outlive_its_settings()
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.FallbackToBaseline) = (Strategy.Balanced, false));
        SegmentKey segment = router.SegmentOf("planner");
        for (int arm = 0; arm < 4; arm++) router.Feed(segment, arm, new Outcome { Quality = arm / 4.0, Kind = OutcomeKind.Partial, CostUsd = 0.01 * arm }, 20);
        Assert.True(router.TryDecide(new Request(segment), out Decision first));
        router.Reconfigure(Given.Options(o => (o.Strategy, o.FallbackToBaseline, o.SuccessWeight) = (Strategy.Balanced, false, 0)));
        Assert.True(router.TryDecide(new Request(segment), out Decision second));
        Assert.Equal((3, 0), (first.Arm, second.Arm));
    }

    [Fact]
    public void Every_fault_is_named_and_nothing_changes()
    {
        BanditRouter router = Given.Router();
        RouterSettings settings = router.Settings;
        var error = Assert.Throws<ArgumentException>(() => router.Reconfigure(Given.Options(o =>
        {
            (o.ExplorationRate, o.SuccessWeight, o.MinSamples) = (2, -1, double.NaN);
            o.Arms.Add(new Arm { Id = "x", PriorQuality = 7 });
        })));
        foreach (string part in new[] { "4 fault(s)", "ExplorationRate is 2", "SuccessWeight is -1", "MinSamples is NaN", "PriorQuality is 7" }) Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Same(settings, router.Settings);
        Assert.Equal(1, router.RefusedCount);
    }

    [Fact]
    public void What_a_router_is_built_from_cannot_change_while_it_runs()
    {
        BanditRouter router = Given.Router();
        var error = Assert.Throws<ArgumentException>(() => router.Reconfigure(Given.Options(o =>
        {
            (o.Dimensions, o.Seed, o.LedgerCapacity, o.MaxSegments, o.MaxValuesPerDimension) = (["role"], 8, 8192, 17, 18);
            (o.FeatureCount, o.SessionCapacity, o.AvailabilityHalfLifeSeconds) = (3, 32, 7);
            o.SafetyGate = new SafetyGate { BaselineArmId = "fast", Fraction = 0.1 };
            o.Strategy = Strategy.Adaptive;
        })));
        foreach (string name in new[] { "Dimensions", "Seed", "LedgerCapacity", "MaxSegments", "MaxValuesPerDimension", "FeatureCount", "SessionCapacity", "AvailabilityHalfLifeSeconds", "SafetyGate", "Policy", "Law" })
            Assert.Contains($" {name} ", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, router.ArmCount);
    }

    [Fact]
    public void An_unknown_or_retired_arm_cannot_be_given_a_status()
    {
        BanditRouter router = Given.Router();
        router.RetireArm("fast");
        var error = Assert.Throws<ArgumentException>(() => router.Reconfigure(Given.Options(o => (o.ArmStatuses["fast"], o.ArmStatuses["nobody"]) = (ArmStatus.Enabled, ArmStatus.Disabled))));
        Assert.Contains("'fast' is retired", error.Message, StringComparison.Ordinal);
        Assert.Contains("'nobody'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'nobody'", Assert.Throws<ArgumentException>(() => Given.Router(o => o.ArmStatuses["nobody"] = ArmStatus.Disabled)).Message, StringComparison.Ordinal);
        Assert.Equal(ArmStatus.Disabled, Given.Router(o => o.ArmStatuses["fast"] = ArmStatus.Disabled).StatusAt(0));
    }

    [Fact]
    public void Options_that_say_the_same_decide_the_same()
    {
        BanditRouter plain = Given.Router(), reconfigured = Given.Router();
        SegmentKey segment = plain.SegmentOf("planner"), same = reconfigured.SegmentOf("planner");
        for (int i = 0; i < 2000; i++)
        {
            if (i % 100 == 50) reconfigured.Reconfigure(Given.Options(o => o.Incarnation = 99)); // how it was opened is not looked at
            Assert.True(plain.TryDecide(new Request(segment), out Decision a));
            Assert.True(reconfigured.TryDecide(new Request(same), out Decision b));
            Assert.Equal(a, b);
            var outcome = new Outcome { Kind = (i * 7 + a.Arm) % 4 == 0 ? OutcomeKind.Failed : OutcomeKind.Success };
            plain.Record(a, outcome);
            reconfigured.Record(b, outcome);
        }
    }

    [Fact]
    public void A_set_of_capabilities_or_providers_means_the_same_after_arms_were_described_anew()
    {
        BanditRouter router = Given.Router(
            null,
            new Arm { Id = "a", Provider = "north", Capabilities = ["code", "vision"] },
            new Arm { Id = "b", Provider = "south", Capabilities = ["vision"] },
            new Arm { Id = "c", Provider = "west", Capabilities = ["audio"] });
        CapabilitySet vision = router.Capabilities("vision");
        ProviderSet south = router.Providers("south");
        router.Reconfigure(Given.Options(
            null,
            new Arm { Id = "a", Provider = "south", Capabilities = ["audio"] },
            new Arm { Id = "b", Provider = "north", Capabilities = ["vision"] },
            new Arm { Id = "c", Provider = "west", Capabilities = ["audio"] }));
        Assert.Equal([false, true, false], router.Explain(new Request { RequiredCapabilities = vision }).Arms.Select(a => a.WhyNot == Ineligibility.None));
        Assert.Equal([false, true, true], router.Explain(new Request { ExcludedProviders = south }).Arms.Select(a => a.WhyNot == Ineligibility.None));
    }

    [Fact]
    public void Options_that_change_nothing_leave_the_settings_and_their_plans()
    {
        BanditRouter router = Given.Router(o => o.BaselineRules = [new BaselineRule("role=planner")]);
        RouterSettings before = router.Settings;
        router.Reconfigure(Given.Options(o => o.BaselineRules = [new BaselineRule("role=planner")]));
        Assert.Same(before, router.Settings);
        router.Reconfigure(Given.Options(o => o.BaselineRules = [new BaselineRule("role=planner", "code")]));
        Assert.NotSame(before, router.Settings);
    }

    [Fact]
    public void Every_option_is_compared_or_belongs_to_how_a_router_was_opened()
    {
        string[] apart = [nameof(RouterOptions.Arms), nameof(RouterOptions.ArmStatuses), nameof(RouterOptions.Incarnation), nameof(RouterOptions.TokenKey), nameof(RouterOptions.MaxRestoredCells)];
        Assert.Equal(
            typeof(RouterOptions).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal),
            new RouterOptions().Choices().Select(choice => choice.Name).Concat(apart).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Deciding_and_recording_go_on_while_settings_change()
    {
        Action<RouterOptions> big = o => o.LedgerCapacity = 1 << 20; // a worker may be held up for long
        BanditRouter router = Given.Router(big);
        SegmentKey segment = router.SegmentOf("planner");
        using var stop = new CancellationTokenSource();
        long recorded = 0;
        var workers = new Task[2];
        for (int w = 0; w < workers.Length; w++)
        {
            workers[w] = Task.Run(() =>
            {
                while (!stop.IsCancellationRequested)
                {
                    Assert.True(router.TryDecide(new Request(segment), out Decision d));
                    Assert.Equal(Recorded.Applied, router.Record(d, new Outcome { Kind = OutcomeKind.Success }));
                    Interlocked.Increment(ref recorded);
                }
            });
        }

        for (int i = 0; (i < 200 || Interlocked.Read(ref recorded) < 1000) && !workers.Any(worker => worker.IsCompleted); i++)
        {
            router.Reconfigure(Given.Options(o =>
            {
                big(o);
                o.ExplorationRate = 0.1 + i % 5 * 0.1;
                for (int arm = 0; arm < Math.Min(i, 199) / 20; arm++) o.Arms.Add(new Arm { Id = $"later-{arm}" });
                o.ArmStatuses["fast"] = i % 2 == 0 ? ArmStatus.Disabled : ArmStatus.Enabled;
            }));
            Thread.Yield();
        }

        await stop.CancelAsync();
        await Task.WhenAll(workers);
        Assert.Equal(13, router.ArmCount);
        Assert.Equal(recorded, Enumerable.Range(0, 13).Sum(arm => router.EvidenceOf(segment, arm).Total));
    }
}
