using Bandits.Tests.Support;

namespace Bandits.Tests.Segments;

public sealed class UnpricedBaselineTests
{
    [Fact]
    public void Arms_without_list_prices_stand_in_the_baseline_at_what_they_are_expected_to_cost()
    {
        BanditRouter router = Given.Router(o => o.Strategy = Strategy.Baseline, new Arm { Id = "dear" }, new Arm { Id = "cheap" });
        SegmentKey segment = router.SegmentOf("implementer", "core");
        Assert.Equal([0.5, 0.5], router.Explain(new Request(segment)).Arms.Select(arm => arm.Probability));
        router.Feed(segment, 0, new Outcome { CostUsd = 0.5 }, 10);
        router.Feed(segment, 1, new Outcome { CostUsd = 0.05 }, 10);
        Assert.Equal([0.0, 1.0], router.Explain(new Request(segment)).Arms.Select(arm => arm.Probability));
    }
}
