using Bandits.Tests.Support;

namespace Bandits.Tests;

/// <summary>Who may be chosen, and why not.</summary>
public sealed class ConstraintTests
{
    [Fact]
    public void Each_constraint_excludes_for_its_own_reason()
    {
        BanditRouter router = Given.Router();
        Assert.Equal([(int)Ineligibility.MissingCapability, 0, 0, (int)Ineligibility.MissingCapability], Why(new Request { RequiredCapabilities = router.Capabilities("review") }));
        Assert.Equal([(int)Ineligibility.ExcludedProvider, (int)Ineligibility.ExcludedProvider, 0, 0], Why(new Request { ExcludedProviders = router.Providers("north") }));
        Assert.Equal([0, (int)Ineligibility.ExcludedArm, 0, 0], Why(new Request { ExcludedArms = new[] { 1 } }));
        Assert.Equal([0, 0, (int)Ineligibility.TooExpensive, (int)Ineligibility.TooExpensive], Why(new Request { MaxCostUsd = 0.02 }));
        Assert.Equal([(int)Ineligibility.ContextTooSmall, 0, 0, (int)Ineligibility.ContextTooSmall], Why(new Request { MinContextWindow = 100_000 }));
        Assert.Equal(Enumerable.Repeat((int)Ineligibility.MissingCapability, 4), Why(new Request { RequiredCapabilities = router.Capabilities("juggling") }));
        Assert.Equal([0, 0, 0, 0], Why(new Request { ExcludedProviders = router.Providers("nobody") }));
        router.DisableArm("fast");
        router.RetireArm("local");
        Assert.Equal([(int)Ineligibility.Disabled, 0, 0, (int)Ineligibility.Retired], Why(default));

        IEnumerable<int> Why(Request request) => router.Explain(request).Arms.Select(arm => (int)arm.WhyNot);
    }

    [Fact]
    public void No_eligible_arm_is_an_answer_with_every_reason()
    {
        BanditRouter router = Given.Router();
        Assert.False(router.TryDecide(new Request { RequiredCapabilities = router.Capabilities("review"), ExcludedArms = new[] { 1, 2 } }, out Decision decision));
        Assert.Equal((-1, Ineligibility.MissingCapability | Ineligibility.ExcludedArm), (decision.Arm, decision.WhyNone));
        Assert.True(double.IsNaN(router.Explain(new Request { ExcludedArms = new[] { 0, 1, 2, 3 } }).Confidence));
        Assert.Throws<ArgumentException>(() => router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
    }

    [Fact]
    public void A_router_without_arms_says_so()
    {
        var router = new BanditRouter(new RouterOptions());
        Assert.False(router.TryDecide(default, out Decision decision));
        Assert.Equal(Ineligibility.NoArms, decision.WhyNone);
        router.AddArm(new Arm { Id = "first" });
        Assert.True(router.TryDecide(default, out decision));
        Assert.Equal((0, 1.0), (decision.Arm, decision.Propensity));
    }

    [Fact]
    public void The_cost_strategy_takes_the_cheapest_arm_that_clears_the_floor()
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.Dimensions) = (Strategy.Cost, []));
        router.Feed(default, 0, 30, 30);
        router.Feed(default, 1, 95, 5);
        router.Feed(default, 2, 100, 0);
        Explanation explanation = router.Explain(default);
        Assert.Equal(1, explanation.Arms[1].Probability);
        Assert.Equal(Ineligibility.BelowQualityFloor, explanation.Arms[0].WhyNot);
        Assert.Equal(Ineligibility.BelowQualityFloor, explanation.Arms[3].WhyNot);
    }

    [Fact]
    public void A_floor_that_nobody_clears_is_reported_and_the_baseline_decides()
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.Dimensions) = (Strategy.Cost, []));
        Assert.True(router.TryDecide(default, out Decision decision));
        Assert.Equal(DecisionTraits.Fallback | DecisionTraits.FloorUnmet, decision.Traits);
        Assert.Equal(0, decision.Arm);
    }

    [Fact]
    public void Exploration_reaches_every_eligible_arm() // pitfall 30
    {
        BanditRouter router = Given.Router(o => (o.AdaptExploration, o.Dimensions) = (false, []));
        router.Feed(default, 1, 500, 1);
        Explanation explanation = router.Explain(default);
        Assert.All(explanation.Arms, arm => Assert.True(arm.Probability >= 0.1 / 4 - 1e-12));
        Assert.Equal(1, explanation.Arms.Sum(arm => arm.Probability), 1e-12);
        explanation = router.Explain(new Request { ExcludedArms = new[] { 1, 3 } });
        Assert.Equal([0.0, 0.0], [explanation.Arms[1].Probability, explanation.Arms[3].Probability]);
        Assert.True(explanation.Arms[2].Probability >= 0.05 - 1e-12);
    }

    [Fact]
    public void The_fallback_leaves_the_exploring_part_alone() // pitfall 30
    {
        BanditRouter router = Given.Router(o => (o.AdaptExploration, o.Dimensions) = (false, []));
        Explanation explanation = router.Explain(default);
        router.Feed(default, 2, 2, 0);
        explanation = router.Explain(default);
        Assert.Equal(0.9 + 0.1 / 4, explanation.Arms.Single(arm => arm.IsBaseline).Probability, 1e-12);
        Assert.All(explanation.Arms.Where(arm => !arm.IsBaseline), arm => Assert.Equal(0.1 / 4, arm.Probability, 1e-12));
    }
}
