using Bandits.Tests.Support;

namespace Bandits.Tests.Segments;

public sealed class BaselineRuleTests
{
    private static readonly Arm[] Models =
    [
        new() { Id = "mini", Provider = "north", Tier = ArmTier.Fast, Capabilities = ["code", "docs", "planning", "review"], InputUsdPerMillionTokens = 0.2, OutputUsdPerMillionTokens = 1 },
        new() { Id = "middle", Provider = "north", Capabilities = ["code", "planning", "review"], InputUsdPerMillionTokens = 2, OutputUsdPerMillionTokens = 10 },
        new() { Id = "talker", Provider = "south", Capabilities = ["code", "planning", "review"], InputUsdPerMillionTokens = 1, OutputUsdPerMillionTokens = 60 },
        new() { Id = "great", Provider = "south", Tier = ArmTier.Advanced, Capabilities = ["code", "planning", "review", "complex_reasoning"], InputUsdPerMillionTokens = 15, OutputUsdPerMillionTokens = 75 },
    ];

    [Theory]
    [InlineData("planner", "core", "high", null, "great")]
    [InlineData("planner", "ui", "high", null, "middle")]
    [InlineData("planner", "ui", "medium", null, "middle")]
    [InlineData("planner", "docs", "low", null, "mini")]
    [InlineData("planner", "ui", "low", null, "mini")]
    [InlineData("plan_reviewer", "ui", "high", null, "great")]
    [InlineData("plan_reviewer", "ui", "low", null, "mini")]
    [InlineData("implementer", "ui", "high", null, "great")]
    [InlineData("implementer", "ui", "low", "large", "great")]
    [InlineData("implementer", "docs", "low", "small", "mini")]
    [InlineData("implementer", "tests", "low", "small", "mini")]
    [InlineData("implementer", "ui", "medium", "small", "middle")] // cheapest with output priced in: not the talker
    [InlineData("code_reviewer", "ui", "high", null, "great")]
    [InlineData("code_reviewer", "ui", "low", null, "mini")]
    [InlineData("somebody", "else", null, null, "mini")]
    public void The_default_table_chooses(string role, string? area, string? risk, string? complexity, string arm)
    {
        BanditRouter router = Given.Router(o => o.Strategy = Strategy.Baseline, Models);
        Assert.True(router.TryDecide(new Request(router.SegmentOf(role, area, risk, complexity)), out Decision decision));
        Assert.Equal((arm, 1.0), (router.ArmAt(decision.Arm).Id, decision.Propensity));
    }

    [Fact]
    public void A_reviewer_comes_from_another_provider()
    {
        BanditRouter router = Given.Router(o => o.Strategy = Strategy.Baseline, Models);
        Assert.True(router.TryDecide(new Request(router.SegmentOf("code_reviewer", "ui", "low")) { ExcludedProviders = router.Providers("north") }, out Decision decision));
        Assert.Equal("talker", router.ArmAt(decision.Arm).Id);
        Assert.True(router.TryDecide(new Request(router.SegmentOf("code_reviewer", "ui", "high")) { ExcludedProviders = router.Providers("south") }, out decision));
        Assert.Equal("mini", router.ArmAt(decision.Arm).Id); // no advanced one is left: the next row that matches
    }

    [Fact]
    public void Exact_ties_share() // pitfall 8
    {
        BanditRouter router = Given.Router(o => o.Strategy = Strategy.Baseline, Given.Twins(4));
        Assert.All(router.Explain(default).Arms, arm => Assert.Equal(0.25, arm.Probability));
    }

    [Fact]
    public void A_cold_start_does_not_lock_onto_the_first_arm() // pitfall 8
    {
        BanditRouter router = Given.Router(o => o.Strategy = Strategy.Balanced, Given.Twins(4));
        var counts = new long[4];
        for (int i = 0; i < 4_000; i++)
        {
            router.TryDecide(default, out Decision decision);
            counts[decision.Arm]++;
        }

        Goodness.Fits(counts, [0.25, 0.25, 0.25, 0.25]);
    }

    [Theory]
    [InlineData("role")]
    [InlineData("=planner")]
    [InlineData("role=")]
    public void A_pattern_that_cannot_be_read_is_refused(string pattern) => Assert.Throws<FormatException>(() => new BaselineRule(pattern));
}
