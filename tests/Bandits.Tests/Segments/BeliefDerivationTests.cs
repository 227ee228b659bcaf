using Bandits.Tests.Support;

namespace Bandits.Tests.Segments;

public sealed class BeliefDerivationTests
{
    [Fact]
    public void Two_of_two_does_not_beat_ninety_eight_of_a_hundred() // pitfall 30
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.FallbackToBaseline) = (Strategy.Performance, false), Given.Twins(2));
        router.Feed(router.SegmentOf("planner"), 0, 2, 0);
        router.Feed(router.SegmentOf("planner"), 1, 98, 2);
        Assert.True(router.TryDecide(new Request(router.SegmentOf("planner")), out Decision decision));
        Assert.Equal((1, 1.0), (decision.Arm, decision.Propensity));
    }

    /// <summary>Parents hold the child's own outcomes too; taking them off leaves nothing to borrow.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    [InlineData(8, true)]
    public void A_segment_alone_under_its_parents_has_its_own_evidence_and_prior(int dimensions, bool immediate)
    {
        BanditRouter router = Given.Router(o => (o.Dimensions, o.ImmediateRollUp) = ([.. "abcdefgh"[..dimensions].Select(c => $"{c}")], immediate));
        SegmentKey segment = router.SegmentOf([.. Enumerable.Repeat("v", dimensions)]);
        router.Feed(segment, 1, 13, 4);
        router.Join("o", 1, 0.5, [new JoinedEvidence(Enumerable.Repeat("v", dimensions).ToArray(), "standard", Given.Evidence(6, 2))]);
        Belief belief = router.BeliefOf(segment, 1);
        Assert.Equal(1 + 13 + 3, belief.Alpha, 1e-9);
        Assert.Equal(1 + 4 + 1, belief.Beta, 1e-9);
        Assert.Equal(17 + 4, belief.Samples, 1e-9);
    }

    [Fact]
    public void A_new_segment_borrows_from_its_siblings()
    {
        BanditRouter router = Given.Router(o => o.ImmediateRollUp = true);
        foreach (string area in (string[])["a", "b", "c", "d"]) router.Feed(router.SegmentOf("planner", area), 1, 45, 5);
        Belief fresh = router.BeliefOf(router.SegmentOf("planner", "new"), 1);
        Assert.InRange(fresh.QualityMean, 0.8, 0.92);
        Assert.InRange(fresh.Samples, 5, 200);
        Assert.Equal(0, router.Explain(new Request(router.SegmentOf("planner", "new"))).Arms[1].OwnSamples);
    }

    /// <summary>300 segments of 6 outcomes, fixed seed: squared error of the posterior mean with and without pooling.</summary>
    [Theory]
    [InlineData(0.02, 0.5)] // nearly alike: pooling more than halves the error
    [InlineData(0.30, 1.02)] // far apart: it costs nothing
    public void Pooling_helps_where_structure_is_shared_and_does_no_harm_where_not(double spread, double mostRatio)
    {
        double[] errors = [Error(true), Error(false)];
        Assert.True(errors[0] <= errors[1] * mostRatio, $"With pooling {errors[0]:F5}, without {errors[1]:F5}.");

        double Error(bool pooling)
        {
            var random = new Random(5);
            BanditRouter router = Given.Router(o => (o.Pooling, o.Dimensions, o.ImmediateRollUp) = (pooling, ["d"], true), Given.Twins(1));
            var truth = new Dictionary<SegmentKey, double>();
            for (int s = 0; s < 300; s++)
            {
                SegmentKey segment = router.SegmentOf($"s{s}");
                double q = Math.Clamp(0.65 + spread * (random.NextDouble() * 2 - 1) * 1.1, 0.02, 0.98);
                truth.Add(segment, q);
                int good = Enumerable.Range(0, 6).Count(_ => random.NextDouble() < q);
                router.Feed(segment, 0, good, 6 - good);
            }

            return truth.Average(pair => Math.Pow(router.BeliefOf(pair.Key, 0).QualityMean - pair.Value, 2));
        }
    }

    [Fact]
    public void An_arm_without_samples_or_with_zero_latency_harms_nobody() // pitfall 22
    {
        BanditRouter router = Given.Router(o => (o.Dimensions, o.LatencyUsdPerSecond, o.PriorLatencySeconds) = ([], 0.01, 0), Given.Twins(3));
        for (int i = 0; i < 50; i++) router.Feed(default, 0, new Outcome { Kind = OutcomeKind.Success, Latency = TimeSpan.Zero });
        for (int i = 0; i < 50; i++) router.Feed(default, 1, new Outcome { Kind = OutcomeKind.Success, Latency = TimeSpan.Zero });
        Explanation explanation = router.Explain(default);
        Assert.All(explanation.Arms, arm => Assert.True(double.IsFinite(arm.UtilityUsd)));
        Assert.Equal(explanation.Arms[0].Probability, explanation.Arms[1].Probability);
    }

    [Fact]
    public void A_timeout_says_more_time_not_a_sample_of_it()
    {
        BanditRouter router = Given.Router(o => (o.Dimensions, o.PriorLatencySeconds) = ([], 2), Given.Twins(1));
        router.Feed(default, 0, new Outcome { Kind = OutcomeKind.Success, Latency = TimeSpan.FromSeconds(4) }, 3);
        router.Feed(default, 0, new Outcome { Kind = OutcomeKind.Timeout, Latency = TimeSpan.FromSeconds(30) });
        Assert.Equal((2 + 3 * 4 + 30) / (1 + 3.0), router.Explain(default).Arms[0].LatencySeconds, 1e-9);
    }

    [Fact]
    public void Cost_is_the_arms_own() // pitfall 30
    {
        BanditRouter router = Given.Router(o => o.Dimensions = [], Given.Twins(2));
        router.Feed(default, 0, new Outcome { CostUsd = 1 }, 99);
        Explanation explanation = router.Explain(default);
        Assert.Equal((99 + 0.0025) / 100, explanation.Arms[0].CostUsd, 1e-9);
        Assert.Equal(0.0025, explanation.Arms[1].CostUsd, 1e-12);
    }
}
