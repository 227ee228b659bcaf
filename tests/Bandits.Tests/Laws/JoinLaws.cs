using Bandits.Tests.Support;

namespace Bandits.Tests.Laws;

/// <summary>Law 3 for stores: per origin the higher sequence wins, so joining twice changes nothing and the order of origins does not matter.</summary>
public sealed class JoinLaws
{
    private static readonly JoinedEvidence[] First = [Cell(["planner", "core"], "fast", 5, 3), Cell(["planner", "docs"], "standard", 9, 1)];
    private static readonly JoinedEvidence[] Second = [Cell(["planner", "core"], "fast", 8, 3), Cell(["implementer"], "local", 2, 2), Cell(["implementer"], "local", 1, 0)];

    [Fact]
    public void Joining_the_same_twice_changes_nothing()
    {
        BanditRouter router = Given.Router();
        Assert.Equal(Joined.Applied, router.Join("a", 4, 0.5, First));
        string once = StateText.Of(router);
        Assert.Equal(Joined.AlreadyKnown, router.Join("a", 4, 0.5, First));
        Assert.Equal(Joined.AlreadyKnown, router.Join("a", 3, 1, Second));
        Assert.Equal(once, StateText.Of(router));
    }

    [Fact]
    public void A_higher_sequence_replaces_the_whole_contribution()
    {
        BanditRouter router = Given.Router();
        router.Join("a", 1, 1, First);
        Assert.Equal(Joined.Applied, router.Join("a", 2, 1, Second));
        Assert.True(router.JoinedEvidenceOf("a", router.SegmentOf("planner", "core"), 0) == Given.Evidence(8, 3));
        Assert.True(router.JoinedEvidenceOf("a", router.SegmentOf("planner", "docs"), 1) == default);
        Assert.True(router.JoinedEvidenceOf("a", router.SegmentOf("implementer"), 3) == Given.Evidence(3, 2));
        Assert.Equal(0, router.EvidenceOf(0).Total);
    }

    [Fact]
    public void The_order_of_origins_does_not_matter()
    {
        BanditRouter one = Given.Router(), other = Given.Router();
        one.Join("a", 1, 0.5, First);
        one.Join("b", 1, 1, Second);
        other.Join("b", 1, 1, Second);
        other.Join("a", 1, 0.5, First);
        foreach (string?[] segment in (string?[][])[["planner", "core"], ["planner", "docs"], ["implementer"], ["new"]])
        {
            for (int arm = 0; arm < 4; arm++)
            {
                Belief x = one.BeliefOf(one.SegmentOf(segment), arm), y = other.BeliefOf(other.SegmentOf(segment), arm);
                Assert.Equal((x.Alpha, x.Beta, x.Samples), (y.Alpha, y.Beta, y.Samples));
            }
        }
    }

    [Fact]
    public void The_weight_weighs_each_outcome()
    {
        BanditRouter router = Given.Router(o => o.Dimensions = []);
        router.Join("a", 1, 0.25, [Cell([], "fast", 40, 8)]);
        Belief belief = router.BeliefOf(default, 0);
        Assert.Equal((1 + 10.0, 1 + 2.0, 12.0), (belief.Alpha, belief.Beta, belief.Samples));
        router.Join("a", 2, 0, [Cell([], "fast", 40, 8)]);
        Assert.Equal(0, router.BeliefOf(default, 0).Samples);
    }

    private static JoinedEvidence Cell(string[] segment, string arm, int good, int bad) => new(segment, arm, Given.Evidence(good, bad));
}
