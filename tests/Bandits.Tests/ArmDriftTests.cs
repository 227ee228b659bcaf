using Bandits.Numerics;
using Bandits.Tests.Support;

namespace Bandits.Tests;

public sealed class ArmDriftTests
{
    private static readonly string[] Areas = ["a", "b", "c", "d"];

    private static RouterOptions Options(Action<RouterOptions>? also = null)
    {
        var options = new RouterOptions { Dimensions = ["area"], Strategy = Strategy.Budgeted, Budget = new Budget { UsdPerDecision = 0.01 }, TypicalInputTokens = 1000, TypicalOutputTokens = 0 };
        options.Arms.Add(new Arm { Id = "old", InputUsdPerMillionTokens = 1, OutputUsdPerMillionTokens = 0 });
        options.Arms.Add(new Arm { Id = "good", InputUsdPerMillionTokens = 5, OutputUsdPerMillionTokens = 0 });
        also?.Invoke(options);
        return options;
    }

    private static (int Good, double Cost) Play(BanditRouter router, int decisions, double good, double goodUsd, ref RandomStream random)
    {
        int chosen = 0;
        double cost = 0;
        for (int i = 0; i < decisions; i++)
        {
            Assert.True(router.TryDecide(new Request(router.SegmentOf(Areas[random.NextBelow(4)])), out Decision decision));
            double quality = Math.Clamp((decision.Arm == 0 ? 0.7 : good) + 0.1 * (random.NextUnit() - 0.5), 0, 1), paid = (decision.Arm == 0 ? 0.001 : goodUsd) * (0.8 + 0.4 * random.NextUnit());
            router.Record(decision, new Outcome { Kind = OutcomeKind.Partial, Quality = quality, CostUsd = paid });
            chosen += decision.Arm;
            cost += paid;
        }

        return (chosen, cost / decisions);
    }

    [Fact]
    public void An_arm_that_gets_worse_everywhere_is_left_within_some_decisions_and_taken_up_again()
    {
        var router = new BanditRouter(Options());
        var random = new RandomStream(1);
        Play(router, 600, 0.9, 0.005, ref random);
        Assert.InRange(Play(router, 200, 0.9, 0.005, ref random).Good, 195, 200);
        Play(router, 60, 0.5, 0.005, ref random);
        ArmChange change = Assert.Single(router.Changes);
        Assert.Equal(("good", OutcomeComponents.Quality, false, false), (change.ArmId, change.Component, change.IsHigher, change.IsAnnounced));
        Assert.True(change.DetectedBy.Sequence is > 800 and < 830, change.ToString());
        Assert.All(Areas, area => Assert.InRange(router.RestartsOf(router.SegmentOf(area), 1), 1, 1));
        Assert.InRange(Play(router, 200, 0.5, 0.005, ref random).Good, 8, 50); // probed with a tenth
        Play(router, 120, 0.9, 0.005, ref random);
        Assert.InRange(Play(router, 100, 0.9, 0.005, ref random).Good, 95, 100);
        Assert.Contains(router.Changes, back => back.IsHigher);
    }

    [Fact]
    public void Costs_are_believed_on_when_quality_starts_anew()
    {
        var router = new BanditRouter(Options());
        var random = new RandomStream(2);
        Play(router, 400, 0.9, 0.0085, ref random);
        double before = router.Explain(new Request(router.SegmentOf("a"))).Arms[1].CostUsd;
        Assert.InRange(before, 0.008, 0.009);
        foreach (string area in Areas) router.Restart(router.SegmentOf(area), "good");
        Assert.Equal(before, router.Explain(new Request(router.SegmentOf("a"))).Arms[1].CostUsd, 1e-4);
        Assert.InRange(router.Explain(new Request(router.SegmentOf("a"))).Arms[1].OwnSamples, 0, 0);
    }

    [Fact]
    public void A_price_that_is_announced_acts_at_once_and_back_again()
    {
        var router = new BanditRouter(Options());
        var random = new RandomStream(3);
        Play(router, 800, 0.9, 0.005, ref random);
        var costs = Costs(router);
        router.SetPrices("good", 0.5, 0);
        Assert.All(Costs(router).Zip(costs), pair => Assert.Equal(0.1, pair.First / pair.Second, 1e-3));
        Assert.Equal(("good", true, false), (router.Changes[^1].ArmId, router.Changes[^1].IsAnnounced, router.Changes[^1].IsHigher));
        router.SetPrices("good", 5, 0);
        Assert.All(Costs(router).Zip(costs), pair => Assert.Equal(1, pair.First / pair.Second, 1e-2));
        Assert.Equal(0.005, router.EvidenceOf(1).CostSumUsd / router.EvidenceOf(1).CostCount, 2e-4); // evidence is what was observed

        static double[] Costs(BanditRouter router) => [.. Areas.Select(area => router.Explain(new Request(router.SegmentOf(area))).Arms[1].CostUsd)];
    }

    /// <summary>Where tokens are known each segment's cost follows from its own mix of input and output.</summary>
    [Fact]
    public void New_prices_are_worked_out_from_tokens_where_they_are_known()
    {
        var router = new BanditRouter(Options(o => o.Arms[1] = o.Arms[1] with { OutputUsdPerMillionTokens = 10 }));
        SegmentKey reading = router.SegmentOf("a"), writing = router.SegmentOf("b");
        router.Feed(reading, 1, new Outcome { Kind = OutcomeKind.Success, InputTokens = 2000, OutputTokens = 0 }, 300);
        router.Feed(writing, 1, new Outcome { Kind = OutcomeKind.Success, InputTokens = 0, OutputTokens = 1000 }, 300);
        (double read, double wrote) = (CostOf(reading), CostOf(writing));
        router.SetPrices("good", 5, 40); // only output becomes dearer
        Assert.InRange(CostOf(reading) / read, 0.99, 1.15); // it borrows a little from the other
        Assert.InRange(CostOf(writing) / wrote, 3.9, 4.05);

        double CostOf(SegmentKey segment) => router.Explain(new Request(segment)).Arms[1].CostUsd;
    }

    [Fact]
    public void A_price_that_jumps_unannounced_is_found_and_costs_are_restated()
    {
        var router = new BanditRouter(Options());
        var random = new RandomStream(5);
        Play(router, 600, 0.9, 0.005, ref random);
        Play(router, 30, 0.9, 0.2, ref random);
        Assert.Contains(router.Changes, change => change is { ArmId: "good", Component: OutcomeComponents.Cost, IsHigher: true, IsAnnounced: false });
        Assert.InRange(router.Explain(new Request(router.SegmentOf("c"))).Arms[1].CostUsd, 0.08, 0.4); // segments that have not seen it, too
    }

    /// <summary>Calls that were on their way when prices were announced come back at the new ones; they are no second change.</summary>
    [Fact]
    public void What_was_in_flight_does_not_find_an_announced_price_again()
    {
        var router = new BanditRouter(Options());
        var random = new RandomStream(7);
        Play(router, 600, 0.9, 0.005, ref random);
        var calls = new Decision[12];
        for (int i = 0; i < calls.Length; i++) Assert.True(router.TryDecide(new Request(router.SegmentOf(Areas[i % 4])) { ExcludedArms = new[] { 0 } }, out calls[i]));
        router.SetPrices("good", 50, 0);
        foreach (Decision call in calls) router.Record(call, new Outcome { Kind = OutcomeKind.Partial, Quality = 0.9, CostUsd = 0.05 });
        Assert.True(Assert.Single(router.Changes).IsAnnounced);
        Assert.Equal(0.05, router.Explain(new Request(router.SegmentOf("a"))).Arms[1].CostUsd, 0.004);
    }

    /// <summary>A jump that is found restates once: the late calls of before it are not what the new level is measured by.</summary>
    [Fact]
    public void What_was_in_flight_does_not_take_a_found_price_back()
    {
        var router = new BanditRouter(Options(o => o.Budget = new Budget { UsdPerDecision = 0.1 }));
        var random = new RandomStream(8);
        Play(router, 600, 0.9, 0.005, ref random);
        var calls = new Decision[40];
        for (int i = 0; i < calls.Length; i++) Assert.True(router.TryDecide(new Request(router.SegmentOf(Areas[i % 4])) { ExcludedArms = new[] { 0 } }, out calls[i]));
        foreach (Decision call in calls) router.Record(call, new Outcome { Kind = OutcomeKind.Partial, Quality = 0.9, CostUsd = 0.02 });
        Play(router, 60, 0.9, 0.02, ref random);
        Assert.True(Assert.Single(router.Changes).IsHigher);
        Assert.Equal(0.02, router.Explain(new Request(router.SegmentOf("a"))).Arms[1].CostUsd, 0.004);
    }

    [Fact]
    public void Restated_costs_and_detectors_survive_a_snapshot()
    {
        var router = new BanditRouter(Options());
        var random = new RandomStream(6);
        Play(router, 500, 0.9, 0.005, ref random);
        router.SetPrices("good", 0.5, 0);
        RouterState state = router.CaptureState();
        BanditRouter restored = BanditRouter.Restore(Options(o => o.Arms[1] = o.Arms[1] with { InputUsdPerMillionTokens = 0.5 }), state, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        Assert.All(Areas, area => Assert.Equal(
            router.Explain(new Request(router.SegmentOf(area))).Arms[1].CostUsd, restored.Explain(new Request(restored.SegmentOf(area))).Arms[1].CostUsd, 1e-12));
        Assert.Equal(state.ArmWatch, restored.CaptureState().ArmWatch);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(2e6)]
    public void Prices_out_of_range_change_nothing(double price)
    {
        var router = new BanditRouter(Options());
        ArgumentException fault = Assert.Throws<ArgumentException>(() => router.SetPrices("good", price, 0));
        Assert.Contains("InputUsdPerMillionTokens", fault.Message, StringComparison.Ordinal);
        Assert.Equal(5, router.ArmAt(1).InputUsdPerMillionTokens);
        Assert.Throws<ArgumentException>(() => router.SetPrices("nobody", 1, 1));
    }

    [Theory]
    [InlineData(99, 0.1, 10, "OutcomesPerFalseAlarm")]
    [InlineData(1000, 0.6, 10, "ProbingShare")]
    [InlineData(1000, 0.1, -1, "ProbingDecisions")]
    public void Bad_settings_are_named(double outcomes, double share, int decisions, string name)
    {
        var drift = new ArmDriftDetection { OutcomesPerFalseAlarm = outcomes, ProbingShare = share, ProbingDecisions = decisions };
        Assert.Contains("ArmDrift." + name, Assert.Throws<ArgumentException>(() => new BanditRouter(Options(o => o.ArmDrift = drift))).Message, StringComparison.Ordinal);
    }
}
