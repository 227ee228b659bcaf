using Bandits.Policies;
using Bandits.Statistics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Statistics;

public sealed class ExplorationFloorTests
{
    [Theory]
    [InlineData(0, 0, 4, 0)]
    [InlineData(0, 0.05, 4, 0.2)]
    [InlineData(0.1, 0.05, 4, 0.2)]
    [InlineData(0.3, 0.05, 4, 0.3)]
    [InlineData(0, 0.5, 4, 1)]
    [InlineData(0, 1, 1, 1)]
    public void The_larger_of_share_and_floor_is_spread(double rate, double floor, int eligible, double share) =>
        Assert.Equal(share, ExplorationFloor.Share(rate, floor, eligible), 1e-15);

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(0.25)]
    [InlineData(1.0)]
    public void Every_eligible_arm_has_the_floor_or_an_even_share(double floor)
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.Policy, o.ExplorationFloor, o.FallbackToBaseline) =
            (Strategy.Balanced, GreedyRule.Policy, floor, false));
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 1, 20, 0);
        Explanation all = router.Explain(new Request(segment)), three = router.Explain(new Request(segment) { ExcludedArms = new[] { 0 } });
        double expected = Math.Min(floor, 0.25);
        Assert.All(all.Arms, arm => Assert.Equal(arm.ArmId == "standard" ? 1 - 3 * expected : expected, arm.Probability, 1e-12));
        Assert.Equal(0, three.Arms[0].Probability);
        expected = Math.Min(floor, 1.0 / 3);
        Assert.All(three.Arms.Skip(1), arm => Assert.Equal(arm.ArmId == "standard" ? 1 - 2 * expected : expected, arm.Probability, 1e-12));
    }

    [Fact]
    public void The_quality_floor_lowers_the_number_that_share()
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.QualityFloor, o.ExplorationFloor) = (Strategy.Cost, 0.6, 0.1));
        SegmentKey segment = router.SegmentOf("planner");
        foreach (int arm in (int[])[0, 1]) router.Feed(segment, arm, 40, 0);
        foreach (int arm in (int[])[2, 3]) router.Feed(segment, arm, 0, 40);
        Explanation law = router.Explain(new Request(segment));
        Assert.Equal(0.2, law.ExplorationRate, 1e-12);
        Assert.Equal([0.9, 0.1, 0, 0], law.Arms.Select(arm => Math.Round(arm.Probability, 12)));
    }

    [Fact]
    public void A_policy_without_a_pmf_is_floored_by_the_same_share()
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.Policy, o.ExplorationFloor) = (Strategy.Balanced, new First(), 0.05));
        SegmentKey segment = router.SegmentOf("planner");
        var counts = new long[4];
        for (int i = 0; i < 20_000; i++)
        {
            router.TryDecide(new Request(segment), out Decision decision);
            Assert.True(double.IsNaN(decision.Propensity));
            counts[decision.Arm]++;
        }

        Goodness.Fits(counts, [0.85, 0.05, 0.05, 0.05]);
    }
}
