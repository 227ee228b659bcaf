using Bandits.Tests.Support;

namespace Bandits.Tests.Segments;

public sealed class SegmentBoundsTests
{
    [Fact]
    public void Segments_beyond_the_bound_share_one()
    {
        BanditRouter router = Given.Router(o => (o.MaxSegments, o.Dimensions) = (8, ["d", "e"]));
        var decisions = new List<Decision>();
        for (int i = 0; i < 200; i++) decisions.Add(router.Force(router.SegmentOf($"v{i}", "x"), 1));
        Assert.Equal(9, router.SegmentCount);
        Assert.Equal(9, router.Segments().Count);
        Assert.Equal(9, decisions.Select(d => d.Segment).Distinct().Count());
        Assert.Equal(["(other)", "(other)"], router.ValuesOf(decisions[^1].Segment));
        foreach (Decision decision in decisions) Assert.Equal(Recorded.Applied, router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
        Assert.Equal(192, router.EvidenceOf(router.SegmentOf("v100", "x"), 1).Total);
    }

    [Fact]
    public void Values_beyond_the_bound_share_one()
    {
        BanditRouter router = Given.Router(o => (o.MaxValuesPerDimension, o.Dimensions) = (3, ["d"]));
        SegmentKey[] keys = [.. Enumerable.Range(0, 50).Select(i => router.SegmentOf($"v{i}"))];
        Assert.Equal(4, keys.Distinct().Count());
        Assert.Equal(["(other)"], router.ValuesOf(keys[^1]));
    }

    [Fact]
    public void A_rule_whose_value_found_no_place_does_not_catch_all_others()
    {
        BanditRouter router = Given.Router(o => (o.MaxValuesPerDimension, o.Dimensions, o.Strategy, o.BaselineRules) =
            (1, ["d"], Strategy.Baseline, [new BaselineRule("d=kept", tier: ArmTier.Standard), new BaselineRule("d=lost", tier: ArmTier.Advanced)]));
        Assert.True(router.TryDecide(new Request(router.SegmentOf("anything")), out Decision decision));
        Assert.Equal("fast", router.ArmAt(decision.Arm).Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(8)]
    public void Values_come_back_as_given(int dimensions)
    {
        BanditRouter router = Given.Router(o => o.Dimensions = [.. Enumerable.Range(0, dimensions).Select(d => $"dimension-{d}")]);
        string[] values = [.. Enumerable.Range(0, dimensions).Select(d => $"value {d % 2}")];
        SegmentKey segment = router.SegmentOf(values);
        Assert.Equal(values, router.ValuesOf(segment));
        router.Feed(segment, 0, 3, 2);
        Assert.Equal(5, router.EvidenceOf(segment, 0).Total);
        Assert.Equal(Enumerable.Repeat("(none)", dimensions), router.ValuesOf(default));
        Assert.Equal(Enumerable.Repeat("(none)", dimensions), router.ValuesOf(router.SegmentOf()));
        Assert.Throws<ArgumentException>(() => router.SegmentOf([.. values, "one too many"]));
    }

    [Theory]
    [InlineData("(any)")]
    [InlineData("(other)")]
    [InlineData("(none)")]
    [InlineData("")]
    [InlineData(null)]
    public void A_value_spelt_like_a_reserved_one_can_be_decided_for(string? value)
    {
        BanditRouter router = Given.Router();
        Assert.True(router.TryDecide(new Request(router.SegmentOf("planner", value, "high")), out Decision decision));
        Assert.Equal(Recorded.Applied, router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
    }
}
