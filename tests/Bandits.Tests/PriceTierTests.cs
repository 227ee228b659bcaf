using Bandits.Storage;
using Bandits.Tests.Support;

namespace Bandits.Tests;

/// <summary>New arms that are expected to be like the arms of their price tier.</summary>
public sealed class PriceTierTests
{
    private static readonly Arm New = Priced("new", 4) with { PriorFromPriceTier = true, PriorSamples = 10, PriorQuality = 0.3 };

    /// <summary>An arm whose typical call is so many thousandths of a dollar at list price.</summary>
    private static Arm Priced(string id, double price) => new() { Id = id, InputUsdPerMillionTokens = price, OutputUsdPerMillionTokens = price };

    private static BanditRouter Router(Action<RouterOptions>? configure, params Arm[] arms) => Given.Router(
        o =>
        {
            (o.Dimensions, o.ImmediateRollUp, o.TypicalInputTokens, o.TypicalOutputTokens) = (["task"], true, 500, 500);
            configure?.Invoke(o);
        },
        arms);

    private static ArmExplanation[] Explain(BanditRouter router, SegmentKey segment) => [.. router.Explain(new Request(segment)).Arms];

    private static Outcome Paid(double usd) => new() { Kind = OutcomeKind.Success, CostUsd = usd };

    [Fact]
    public void The_tier_s_posterior_means_by_what_they_stand_on_take_the_place_of_the_prior()
    {
        // Half and twice the price are in the tier, a hair beyond is not.
        BanditRouter router = Router(null, Priced("half", 2), Priced("twice", 8), Priced("cheap", 1.999), Priced("dear", 8.001), new Arm { Id = "unknown" }, New);
        SegmentKey segment = router.SegmentOf("code");
        router.Feed(segment, 0, 2, 0); // mean 3 / 4, by half its own
        router.Feed(segment, 1, 1, 5); // mean 2 / 8, by three quarters
        foreach (int outside in new[] { 2, 3, 4 }) router.Feed(segment, outside, 50, 0);
        Assert.Equal((0.5 * 0.75 + 0.75 * 0.25) / 1.25, Explain(router, segment)[5].QualityMean, 1e-12);
        Belief fresh = router.BeliefOf(segment, 5);
        Assert.Equal(10, fresh.Alpha + fresh.Beta, 1e-9);
        Assert.Equal(0, fresh.Samples);

        // Its own evidence counts beside what it was expected to be.
        router.Feed(segment, 5, 10, 0);
        Assert.Equal((10 * 0.45 + 10) / 20, router.BeliefOf(segment, 5).QualityMean, 1e-12);
    }

    [Fact]
    public void Costs_are_the_list_price_times_what_the_tier_s_arms_cost_to_theirs()
    {
        BanditRouter router = Router(null, Priced("half", 2), Priced("twice", 8), New);
        SegmentKey segment = router.SegmentOf("code");
        router.Feed(segment, 0, Paid(0.006)); // expected: (0.002 + 0.006) / 2 = twice its list price, by half its own
        router.Feed(segment, 1, Paid(0.004), 3); // expected: (0.008 + 0.012) / 4 = 5 / 8 of it, by three quarters
        ArmExplanation[] arms = Explain(router, segment);
        Assert.Equal((0.004, 0.005), (Math.Round(arms[0].CostUsd, 12), Math.Round(arms[1].CostUsd, 12)));
        Assert.Equal(0.004 * (0.5 * 2 + 0.75 * 0.625) / 1.25, arms[2].CostUsd, 1e-12);
    }

    [Fact]
    public void A_busy_arm_does_not_drown_the_others()
    {
        BanditRouter router = Router(null, Priced("a", 4), Priced("b", 4), New);
        SegmentKey segment = router.SegmentOf("code");
        router.Feed(segment, 0, 998, 0);
        router.Feed(segment, 1, 0, 18);
        Assert.Equal((0.998 * 0.999 + 0.9 * 0.05) / 1.898, Explain(router, segment)[2].QualityMean, 1e-12);
    }

    [Fact]
    public void Where_none_of_the_tier_has_outcomes_the_arm_s_own_prior_stays()
    {
        foreach (double price in (double[])[4, 40])
        {
            BanditRouter router = Router(o => o.Pooling = false, Priced("a", price) with { PriorQuality = 0.9 }, New);
            SegmentKey segment = router.SegmentOf("code"), other = router.SegmentOf("text");
            router.Feed(segment, 0, Paid(1), price == 4 ? 0 : 20);
            router.Feed(other, 0, Paid(1), 20);
            ArmExplanation arm = Explain(router, segment)[1];
            Assert.Equal((0.3, 0.004), (Math.Round(arm.QualityMean, 12), Math.Round(arm.CostUsd, 12)));
        }

        // Without typical tokens every call is free at list price, so there are no tiers.
        BanditRouter free = Router(o => (o.TypicalInputTokens, o.TypicalOutputTokens) = (0, 0), Priced("a", 4), New);
        free.Feed(free.SegmentOf("code"), 0, 20, 0);
        Assert.Equal(0.3, Explain(free, free.SegmentOf("code"))[1].QualityMean, 1e-12);
    }

    [Fact]
    public void What_the_tier_is_known_for_elsewhere_is_borrowed_in_a_new_segment()
    {
        BanditRouter router = Router(null, Priced("a", 4), New);
        router.Feed(router.SegmentOf("code"), 0, 30, 0);
        ArmExplanation[] arms = Explain(router, router.SegmentOf("text"));
        Assert.True(arms[0].QualityMean > 0.6);
        Assert.Equal(arms[0].QualityMean, arms[1].QualityMean, 1e-12);
    }

    [Fact]
    public void Arms_of_each_other_s_tier_count_by_their_own_evidence_and_priors()
    {
        BanditRouter router = Router(o => o.Pooling = false, New with { Id = "a", PriorSamples = 2 }, New with { Id = "b", PriorSamples = 2, PriorQuality = 0.7 }, Priced("c", 4) with { SimilarTo = "a" });
        SegmentKey segment = router.SegmentOf("code");
        Assert.Equal([0.3, 0.7, 0.3], Means());
        router.Feed(segment, 0, 6, 0);
        double own = Math.Round((2 * 0.3 + 6) / 8, 12);
        Assert.Equal([Math.Round((2 * 0.3 + 6) / 8, 12), own, own], Means());
        router.Feed(segment, 1, 0, 2);
        double a = (0.6 + 6) / 8, b = (1.4 + 0) / 4; // by themselves
        Assert.Equal([Math.Round((2 * b + 6) / 8, 12), Math.Round(2 * a / 4, 12), Math.Round(a, 12)], Means());

        double[] Means() => [.. Explain(router, segment).Select(arm => Math.Round(arm.QualityMean, 12))];
    }

    [Theory]
    [InlineData(ArmStatus.Disabled)]
    [InlineData(ArmStatus.Retired)]
    public void Arms_that_take_no_part_still_teach(ArmStatus status)
    {
        BanditRouter router = Router(null, Priced("a", 4), New);
        SegmentKey segment = router.SegmentOf("code");
        router.Feed(segment, 0, 8, 0);
        if (status == ArmStatus.Disabled) router.DisableArm("a");
        else router.RetireArm("a");
        Assert.Equal(0.9, router.BeliefOf(segment, 1).QualityMean, 1e-12);
    }

    [Fact]
    public void Tiers_follow_prices_as_they_change()
    {
        BanditRouter router = Router(null, Priced("a", 4), New);
        SegmentKey segment = router.SegmentOf("code");
        router.Feed(segment, 0, 8, 0);
        router.SetPrices("a", 40, 40);
        Assert.Equal(0.3, router.BeliefOf(segment, 1).QualityMean, 1e-12);
        router.SetPrices("new", 30, 30);
        Assert.Equal(0.9, router.BeliefOf(segment, 1).QualityMean, 1e-12);
        Assert.Contains("needs a list price", Assert.Throws<ArgumentException>(() => router.SetPrices("new", null, null)).Message, StringComparison.Ordinal);
        router.AddArm(New with { Id = "newer", InputUsdPerMillionTokens = 40 });
        Assert.Equal(0.9, router.BeliefOf(segment, 2).QualityMean, 1e-12);
    }

    [Fact]
    public void Faults_name_the_arm_and_what_is_wrong()
    {
        Arm[] without = [New with { OutputUsdPerMillionTokens = null }, New with { InputUsdPerMillionTokens = 0, OutputUsdPerMillionTokens = 0 }];
        foreach (Arm arm in without) Assert.StartsWith("Arm 'new': PriorFromPriceTier needs a list price", Fault(arm), StringComparison.Ordinal);
        Assert.Equal("Arm 'new': PriorFromPriceTier is true and SimilarTo is 'fast'; an arm takes its prior from one of the two.", Fault(New with { SimilarTo = "fast" }));
        Assert.Contains("a name that is reserved", Fault(Priced("x", 1) with { SimilarTo = "(price tier)" }), StringComparison.Ordinal);
        BanditRouter router = Router(null, Priced("a", 4));
        Assert.Contains("needs a list price", Assert.Throws<ArgumentException>(() => router.AddArm(without[0])).Message, StringComparison.Ordinal);
        Assert.Equal(1, router.ArmCount);

        static string Fault(Arm arm) => Assert.Single(Given.Options(null, [.. Given.Arms, arm]).Validate());
    }

    [Fact]
    public void Without_outcomes_between_them_a_kept_choice_follows_the_tier()
    {
        BanditRouter router = Router(o => (o.Strategy, o.Dimensions, o.Propensities) = (Strategy.Adaptive, [], false), Priced("a", 4), Priced("b", 5), New);
        for (int i = 0; i < 300; i++)
        {
            Assert.True(router.TryDecide(default, out Decision decision));
            Assert.Equal((float)router.BeliefOf(default, decision.Arm).QualityMean, decision.PredictedQuality);
            router.Record(decision, new Outcome { Kind = i % 3 == 0 ? OutcomeKind.Failed : OutcomeKind.Success });
        }
    }

    [Fact]
    public void A_decision_allocates_nothing()
    {
        BanditRouter router = Router(null, [.. Enumerable.Range(0, 20).Select(i => New with { Id = $"arm-{i}", PriorFromPriceTier = i % 2 == 0 })]);
        var request = new Request(router.SegmentOf("code"));
        router.Feed(request.Segment, 1, 5, 1);
        Assert.Equal(0, Allocations.Of(_ => Decide(100)));

        void Decide(int times)
        {
            for (int i = 0; i < times; i++)
            {
                router.TryDecide(request, out Decision decision);
                router.Record(decision, new Outcome { Kind = OutcomeKind.Success });
            }
        }
    }

    /// <summary>Where quality goes with price, arms that are new to a tier are nearer the truth by it than by a prior that knows nothing.</summary>
    [Fact]
    public void Where_price_tells_of_quality_the_tier_is_a_better_guess_than_no_guess()
    {
        var random = new Random(11);
        double byTier = 0, byPrior = 0;
        for (int trial = 0; trial < 40; trial++)
        {
            double cheap = 0.3 + 0.2 * random.NextDouble(), dear = 0.7 + 0.2 * random.NextDouble();
            var arms = new List<Arm>();
            for (int i = 0; i < 8; i++) arms.Add(Priced($"arm-{i}", i < 4 ? 1 + 0.2 * i : 10 + i));
            arms.Add(Priced("new-cheap", 1) with { PriorFromPriceTier = true });
            arms.Add(Priced("new-dear", 14) with { PriorFromPriceTier = true });
            BanditRouter router = Router(o => o.Pooling = false, [.. arms]);
            SegmentKey segment = router.SegmentOf("code");
            for (int arm = 0; arm < 8; arm++)
                for (int i = 0; i < 10 + 5 * arm; i++) router.Feed(segment, arm, new Outcome { Kind = random.NextDouble() < (arm < 4 ? cheap : dear) ? OutcomeKind.Success : OutcomeKind.Failed });
            byTier += Math.Pow(router.BeliefOf(segment, 8).QualityMean - cheap, 2) + Math.Pow(router.BeliefOf(segment, 9).QualityMean - dear, 2);
            byPrior += Math.Pow(0.5 - cheap, 2) + Math.Pow(0.5 - dear, 2);
        }

        Assert.True(byTier < byPrior / 4, $"Squared errors: {byTier} by the tier, {byPrior} by the prior.");
    }

    [Fact]
    public void It_is_stored_with_the_arm()
    {
        BanditRouter router = Router(null, Priced("a", 4), New);
        RouterState state = RouterSnapshot.FromBytes(RouterSnapshot.ToBytes(router.CaptureState()));
        Assert.True(state.Arms[1].IsSameAs(New));
        Assert.False(state.Arms[0].PriorFromPriceTier);
        string folder = Directory.CreateTempSubdirectory("bandits-price-tiers-").FullName;
        try
        {
            foreach (bool isInSnapshot in (bool[])[false, true])
            {
                using (RouterStore store = RouterStore.Open(folder, Given.Options(null, Priced("a", 4))))
                {
                    if (!isInSnapshot) store.Router.AddArm(New);
                    Assert.True(store.Router.ArmAt(1).IsSameAs(New));
                    store.Router.Feed(default, 0, 8, 0);
                    if (isInSnapshot) store.SaveSnapshot();
                }
            }

            using RouterStore again = RouterStore.Open(folder, Given.Options(null, Priced("a", 4)));
            Assert.True(again.Router.ArmAt(1).IsSameAs(New));
            Assert.Equal(17 / 18.0, again.Router.BeliefOf(default, 1).QualityMean, 1e-12);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A program that does not know of tiers reads an arm that is like one which is not there, and may take its price away.</summary>
    [Fact]
    public void In_files_it_is_a_likeness_to_nobody()
    {
        RouterState state = Router(null, Priced("a", 4), New).CaptureState();
        state.Arms[1] = New with { InputUsdPerMillionTokens = null };
        byte[] file = RouterSnapshot.ToBytes(state);
        Assert.True(file.AsSpan().IndexOf("(price tier)"u8) > 0);
        Assert.True(RouterSnapshot.FromBytes(file).Arms[1].IsSameAs(state.Arms[1] with { PriorFromPriceTier = false }));
    }
}
