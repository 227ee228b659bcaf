using Bandits.Policies;
using Bandits.Storage;
using Bandits.Tests.Support;

namespace Bandits.Tests;

/// <summary>What is believed of a new arm, and what may be spent to learn it.</summary>
public sealed class NewArmTests
{
    private static readonly Arm Old = new() { Id = "old", InputUsdPerMillionTokens = 4, OutputUsdPerMillionTokens = 8 };

    private static BanditRouter Router(Action<RouterOptions>? configure, params Arm[] arms) => Given.Router(
        o =>
        {
            (o.Dimensions, o.ImmediateRollUp) = (["task"], true);
            configure?.Invoke(o);
        },
        arms);

    [Fact]
    public void A_similar_arm_s_posterior_stands_where_the_prior_would()
    {
        BanditRouter router = Router(null, Old, new Arm { Id = "new", SimilarTo = "old", PriorSamples = 10, InputUsdPerMillionTokens = 1, OutputUsdPerMillionTokens = 2 });
        SegmentKey segment = router.SegmentOf("code");
        router.Feed(segment, 0, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.04 }, 18);
        ArmExplanation[] arms = [.. router.Explain(new Request(segment)).Arms];
        Assert.Equal(19 / 20.0, arms[0].QualityMean, 1e-12);
        Assert.Equal(arms[0].QualityMean, arms[1].QualityMean, 1e-12);
        Assert.Equal(arms[0].CostUsd / 4, arms[1].CostUsd, 1e-12);
        Belief fresh = router.BeliefOf(segment, 1);
        Assert.Equal((10, 0), (fresh.Alpha + fresh.Beta, fresh.Samples));

        // Its own evidence counts beside what it was expected to be.
        router.Feed(segment, 1, 0, 10);
        Assert.Equal(9.5 / 20, router.BeliefOf(segment, 1).QualityMean, 1e-12);
    }

    [Theory]
    [InlineData(null, 4.0, 1.0)] // unknown price of its own: what the other costs
    [InlineData(4.0, null, 0.0)] // known only of itself: its own list price
    [InlineData(8.0, 4.0, 2.0)]
    public void Costs_are_those_of_the_similar_arm_times_the_ratio_of_prices(double? own, double? its, double ratio)
    {
        BanditRouter router = Router(
            null, new Arm { Id = "a", InputUsdPerMillionTokens = its, OutputUsdPerMillionTokens = its },
            new Arm { Id = "b", SimilarTo = "a", InputUsdPerMillionTokens = own, OutputUsdPerMillionTokens = own });
        SegmentKey segment = router.SegmentOf("code");
        router.Feed(segment, 0, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.5 }, 5);
        ArmExplanation[] arms = [.. router.Explain(new Request(segment)).Arms];
        double expected = ratio > 0 ? ratio * arms[0].CostUsd : 4 * 2500 / 1e6;
        Assert.Equal(expected, arms[1].CostUsd, 1e-12);
    }

    [Fact]
    public void Similarity_is_one_step_deep_and_in_every_segment_its_own()
    {
        BanditRouter router = Router(
            o => o.Pooling = false, new Arm { Id = "a", SimilarTo = "b", PriorQuality = 0.2 }, new Arm { Id = "b", SimilarTo = "a", PriorQuality = 0.7 }, new Arm { Id = "c", SimilarTo = "a", PriorQuality = 0.9 });
        SegmentKey segment = router.SegmentOf("code"), other = router.SegmentOf("text");
        Assert.Equal([0.7, 0.2, 0.2], Means(other));
        router.Feed(segment, 0, 6, 0);
        Assert.Equal((2 * 0.2 + 6) / 8, Means(segment)[2], 1e-12);
        Assert.Equal(0.2, Means(other)[2], 1e-12);

        double[] Means(SegmentKey segment) => [.. router.Explain(new Request(segment)).Arms.Select(arm => Math.Round(arm.QualityMean, 12))];
    }

    [Fact]
    public void Without_outcomes_between_them_a_kept_choice_follows_the_similar_arm()
    {
        BanditRouter router = Router(o => (o.Strategy, o.Dimensions, o.Propensities) = (Strategy.Adaptive, [], false), Old, new Arm { Id = "new", SimilarTo = "old" });
        for (int i = 0; i < 300; i++)
        {
            Assert.True(router.TryDecide(default, out Decision decision));
            float expected = (float)router.BeliefOf(default, decision.Arm).QualityMean;
            Assert.Equal(expected, decision.PredictedQuality);
            router.Record(decision, new Outcome { Kind = i % 3 == 0 ? OutcomeKind.Failed : OutcomeKind.Success });
        }
    }

    [Fact]
    public void An_unknown_similar_arm_is_a_fault_and_nothing_changes()
    {
        var stray = new Arm { Id = "new", SimilarTo = "nobody" };
        Assert.Contains("'nobody'", Assert.Throws<ArgumentException>(() => Router(null, Old, stray)).Message, StringComparison.Ordinal);
        BanditRouter router = Router(null, Old);
        Assert.Contains("'nobody'", Assert.Throws<ArgumentException>(() => router.AddArm(stray)).Message, StringComparison.Ordinal);
        Assert.Contains("'nobody'", Assert.Throws<ArgumentException>(() => router.Reconfigure(Given.Options(o => (o.Dimensions, o.ImmediateRollUp) = (["task"], true), Old, stray))).Message, StringComparison.Ordinal);
        Assert.Equal(1, router.ArmCount);
        router.AddArm(stray with { SimilarTo = "old" });
        Assert.Contains("the arm itself", Assert.Single(Given.Options(null, stray with { SimilarTo = "new" }).Validate()), StringComparison.Ordinal);
        Assert.Contains("ExplorationUsd", Assert.Single(Given.Options(null, Old with { ExplorationUsd = -1 }).Validate()), StringComparison.Ordinal);
    }

    public static TheoryData<string> Optimists => ["ucb1", "kl-ucb", "thompson", "gaussian"];

    private static IRoutingPolicy PolicyOf(string name) => name switch
    {
        "ucb1" => new IndexPolicy<Ucb1Rule, double>(new Ucb1Rule()),
        "kl-ucb" => new IndexPolicy<KlUcbRule, double>(new KlUcbRule()),
        "thompson" => new ThompsonPolicy(),
        _ => new GaussianThompsonPolicy(0.25),
    };

    /// <summary>The good arm is well known; the poor one has failed twice and would be tried on, were it not for the bound.</summary>
    [Theory]
    [MemberData(nameof(Optimists))]
    public void Once_its_money_is_spent_nobody_hopes_for_more_of_an_arm(string policy)
    {
        foreach ((double bound, bool isTried) in ((double, bool)[])[(10, true), (0.05, false)])
        {
            BanditRouter router = Router(
                o => (o.Strategy, o.Policy, o.Propensities) = (Strategy.Performance, PolicyOf(policy), true), Old, Old with { Id = "poor", ExplorationUsd = bound });
            SegmentKey segment = router.SegmentOf("code");
            router.Feed(segment, 0, new Outcome { Kind = OutcomeKind.Success }, 700);
            router.Feed(segment, 0, new Outcome { Kind = OutcomeKind.Failed }, 300);
            router.Feed(segment, 1, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.03 });
            router.Feed(segment, 1, new Outcome { Kind = OutcomeKind.Failed, CostUsd = 0.03 });
            ArmExplanation[] arms = [.. router.Explain(new Request(segment)).Arms];
            if (isTried) Assert.True(arms[1].Probability > 0.05, $"{policy} gives {arms[1].Probability}.");
            else Assert.True(arms[1].Probability < 1e-6, $"{policy} gives {arms[1].Probability}.");
            Assert.Equal(1, arms[0].Probability + arms[1].Probability, 1e-9);
            Assert.Equal(0.5, arms[1].QualityMean, 1e-12);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_spent_is_bounded_while_an_arm_is_learnt(bool propensities)
    {
        BanditRouter router = Router(
            o => (o.Strategy, o.Policy, o.Dimensions, o.Propensities) = (Strategy.Performance, PolicyOf("ucb1"), [], propensities), Old, Old with { Id = "poor", ExplorationUsd = 0.2 });
        var random = new Random(8);
        for (int i = 0; i < 3000; i++)
        {
            router.TryDecide(default, out Decision decision);
            router.Record(decision, new Outcome { Kind = random.NextDouble() < (decision.Arm == 0 ? 0.8 : 0.4) ? OutcomeKind.Success : OutcomeKind.Failed, CostUsd = 0.01 });
        }

        Assert.InRange(router.EvidenceOf(1).CostSumUsd, 0.2, 0.21);
    }

    [Fact]
    public void Both_are_stored_with_the_arm()
    {
        Arm[] arms = [Old, new Arm { Id = "new", SimilarTo = "old", ExplorationUsd = 2.5 }];
        BanditRouter router = Router(null, arms);
        RouterState state = RouterSnapshot.FromBytes(RouterSnapshot.ToBytes(router.CaptureState()));
        Assert.Equal(("old", 2.5), (state.Arms[1].SimilarTo, state.Arms[1].ExplorationUsd));
        string folder = Directory.CreateTempSubdirectory("bandits-new-arms-").FullName;
        try
        {
            using (RouterStore store = RouterStore.Open(folder, Given.Options(null, Old))) store.Router.AddArm(arms[1]);
            using (RouterStore store = RouterStore.Open(folder, Given.Options(null, Old))) Assert.True(store.Router.ArmAt(1).IsSameAs(arms[1]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task An_arm_can_be_taken_away_in_the_middle_of_traffic_under_a_budget()
    {
        BanditRouter router = Router(o => (o.Strategy, o.Budget, o.LedgerCapacity) = (Strategy.Budgeted, new Budget { UsdPerDecision = 0.01 }, 1 << 15), Given.Twins(4));
        int[] after = new int[4];
        using var removed = new ManualResetEventSlim();
        Task[] threads = [.. Enumerable.Range(0, 2).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < 4000; i++)
            {
                bool isLate = removed.IsSet;
                Assert.True(router.TryDecide(new Request(router.SegmentOf($"t{i % 3}")), out Decision decision));
                if (isLate) Interlocked.Increment(ref after[decision.Arm]);
                router.Record(decision, new Outcome { Kind = i % 3 == 0 ? OutcomeKind.Failed : OutcomeKind.Success, CostUsd = 0.004 * (decision.Arm + 1) });
                if (i != 1500 || thread != 0) continue;
                router.RetireArm("arm-0");
                router.DisableArm("arm-1");
                removed.Set();
            }
        }))];
        await Task.WhenAll(threads);
        Assert.Equal((0, 0), (after[0], after[1]));
        Assert.True(after[2] > after[3], "Of what is left the arm that the budget can pay for is taken.");
        Assert.True(router.EvidenceOf(0).CostSumUsd > 0);
    }
}
