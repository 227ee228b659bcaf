using Bandits.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests;

public sealed class DecideTopTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_arm_is_among_the_chosen_as_often_as_its_propensity_says(int size)
    {
        const int Draws = 20_000;
        BanditRouter router = Given.Router(o => (o.ExplorationRate, o.AdaptExploration) = (0.3, false));
        SegmentKey segment = router.SegmentOf("planner");
        foreach (int arm in (int[])[0, 1, 2, 3]) router.Feed(segment, arm, 5 * arm, 6);
        Explanation law = router.Explain(new Request(segment));
        var counts = new long[4];
        var propensity = new double[4];
        var decisions = new Decision[size];
        for (int i = 0; i < Draws; i++)
        {
            Assert.Equal(size, router.DecideTop(new Request(segment), decisions));
            Assert.Equal(size, decisions.Select(d => d.Arm).Distinct().Count());
            Assert.Equal(size, decisions.Select(d => d.Id).Distinct().Count());
            foreach (Decision decision in decisions)
            {
                counts[decision.Arm]++;
                propensity[decision.Arm] = decision.Propensity;
            }
        }

        Assert.Equal(size, propensity.Sum(), 1e-12);
        for (int arm = 0; arm < 4; arm++)
        {
            if (size == 1) Assert.Equal(law.Arms[arm].Probability, propensity[arm], 1e-12);
            Goodness.Fits([counts[arm], Draws - counts[arm]], [propensity[arm], 1 - propensity[arm]]);
        }
    }

    [Fact]
    public void Each_is_a_decision_of_its_own()
    {
        BanditRouter router = Given.Router();
        SegmentKey segment = router.SegmentOf("planner");
        var decisions = new Decision[3];
        Assert.Equal(3, router.DecideTop(new Request(segment), decisions));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Recorded.Applied, router.Record(decisions[i], new Outcome { Kind = i == 1 ? OutcomeKind.Failed : OutcomeKind.Success }));
            Assert.Equal(i == 1 ? 0 : 1, router.EvidenceOf(segment, decisions[i].Arm).QualitySum);
        }

        Assert.Equal(Recorded.AlreadyKnown, router.Record(decisions[1], new Outcome { Kind = OutcomeKind.Failed }));
        Assert.Equal(3, router.DecisionCount);
    }

    [Fact]
    public void Fewer_arms_than_asked_for_give_fewer_decisions_and_none_says_why()
    {
        BanditRouter router = Given.Router();
        var decisions = new Decision[6];
        Assert.Equal(4, router.DecideTop(default, decisions));
        Assert.All(decisions[..4], decision => Assert.Equal(1, decision.Propensity));
        Assert.Equal([0, 1, 2, 3], decisions[..4].Select(decision => decision.Arm));
        Assert.Equal(2, router.DecideTop(new Request { ExcludedArms = new[] { 0, 2 } }, decisions));
        Assert.Equal(0, router.DecideTop(new Request { ExcludedArms = new[] { 0, 1, 2, 3 } }, decisions));
        Assert.Equal((-1, Ineligibility.ExcludedArm), (decisions[0].Arm, decisions[0].WhyNone));
        Assert.Equal(0, router.DecideTop(default, []));
    }

    [Fact]
    public void Arms_without_probability_share_the_places_that_are_left()
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.FallbackToBaseline) = (Strategy.Performance, false));
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 2, 30, 0);
        var decisions = new Decision[2];
        router.DecideTop(new Request(segment), decisions);
        Assert.Equal((1.0, DecisionTraits.None), decisions.Where(d => d.Arm == 2).Select(d => (d.Propensity, d.Traits)).Single());
        Assert.Equal((1 / 3.0, DecisionTraits.Explored), decisions.Where(d => d.Arm != 2).Select(d => (d.Propensity, d.Traits)).Single());
    }

    [Fact]
    public void Supplied_ids_count_on_from_the_first_and_repeat_the_same_choice()
    {
        BanditRouter one = Given.Router(o => o.Policy = UniformPolicy.Instance), other = Given.Router(o => o.Policy = UniformPolicy.Instance);
        for (ulong i = 0; i < 50; i++)
        {
            Decision[] here = new Decision[2], there = new Decision[2];
            var request = new Request { Id = new DecisionId(5, 1 + 2 * i) };
            Assert.Equal(2, one.DecideTop(request, here));
            other.DecideTop(request, there);
            Assert.Equal(here, there);
            Assert.Equal([1 + 2 * i, 2 + 2 * i], here.Select(d => d.Id.Sequence));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => one.DecideTop(new Request { Id = new DecisionId(5, long.MaxValue - 1) }, new Decision[3]));
    }

    [Fact]
    public void A_policy_without_a_pmf_chooses_one_after_the_other()
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.Policy) = (Strategy.Balanced, new First()));
        var decisions = new Decision[3];
        Assert.Equal(3, router.DecideTop(new Request { ExcludedArms = new[] { 1 } }, decisions));
        Assert.Equal([0, 2, 3], decisions.Select(decision => decision.Arm));
        Assert.All(decisions, decision => Assert.True(double.IsNaN(decision.Propensity)));
    }

    [Fact]
    public void Deciding_allocates_nothing()
    {
        BanditRouter router = Given.Router();
        var decisions = new Decision[3];
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 2_000; i++) router.DecideTop(default, decisions);
        }));
    }
}
