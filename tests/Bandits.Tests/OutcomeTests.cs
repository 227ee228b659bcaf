using Bandits.Tests.Support;

namespace Bandits.Tests;

/// <summary>The normative table: what each kind of outcome teaches.</summary>
public sealed class OutcomeTests
{
    [Theory] // pitfalls 21, 30
    [InlineData(OutcomeKind.Success, 1, 1.0, false)]
    [InlineData(OutcomeKind.Failed, 1, 0.0, false)]
    [InlineData(OutcomeKind.Partial, 0, 0.0, false)]
    [InlineData(OutcomeKind.HumanReview, 0, 0.0, false)]
    [InlineData(OutcomeKind.Cancelled, 0, 0.0, false)]
    [InlineData(OutcomeKind.Unavailable, 0, 0.0, false)]
    [InlineData(OutcomeKind.Timeout, 0, 0.0, true)]
    public void Each_kind_teaches_what_the_table_says(OutcomeKind kind, long graded, double quality, bool censored)
    {
        Evidence evidence = default;
        evidence.Add(new Outcome { Kind = kind, CostUsd = 0.5, Latency = TimeSpan.FromSeconds(2) });
        Assert.Equal((1L, graded, quality), (evidence.CountOf(kind), evidence.QualityCount, evidence.QualitySum));
        Assert.Equal((1L, 0.5, 1L, 2.0, censored ? 1L : 0L), (evidence.CostCount, evidence.CostSumUsd, evidence.LatencyCount, evidence.LatencySumSeconds, evidence.CensoredCount));
    }

    [Fact]
    public void An_expiry_says_nothing_but_that_nothing_came()
    {
        Evidence evidence = default;
        evidence.Add(new Outcome { Kind = OutcomeKind.Expired });
        Assert.Equal((1L, 1L, 0L, 0L), (evidence.Total, evidence.CountOf(OutcomeKind.Expired), evidence.QualityCount, evidence.CostCount));
    }

    [Fact]
    public void Tokens_are_priced_by_the_arm_unless_the_cost_is_known()
    {
        BanditRouter router = Given.Router();
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 1, new Outcome { Kind = OutcomeKind.Success, InputTokens = 1_000_000, OutputTokens = 100_000 });
        Assert.Equal(3 + 1.5, router.EvidenceOf(segment, 1).CostSumUsd, 1e-9);
        router.Feed(segment, 2, new Outcome { Kind = OutcomeKind.Success, InputTokens = 1_000, CostUsd = 0.125 });
        Assert.Equal(0.125, router.EvidenceOf(segment, 2).CostSumUsd);
        router.Feed(segment, 3, new Outcome { Kind = OutcomeKind.Success, InputTokens = 1_000 }); // an unknown price is no price of zero
        Assert.Equal((0L, 1L), (router.EvidenceOf(segment, 3).CostCount, router.EvidenceOf(segment, 3).TokenCount));
    }
}
