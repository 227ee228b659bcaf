using Bandits.Tests.Support;

namespace Bandits.Tests;

public sealed class LearningSummaryTests
{
    [Fact]
    public void A_summary_adds_up_what_was_recorded()
    {
        BanditRouter router = Given.Router();
        SegmentKey segment = router.SegmentOf("implementer", "core", "low", "small");
        router.Feed(segment, router.IndexOf("advanced"), new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.40, Latency = TimeSpan.FromSeconds(4) }, 60);
        router.Feed(segment, router.IndexOf("fast"), new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.01, Latency = TimeSpan.FromSeconds(1) }, 40);
        LearningSummary summary = router.Summarize();
        Assert.Equal((Strategy.Learning, 100L, 100L), (summary.Strategy, summary.Decisions, summary.Executions));
        Assert.Equal(1, summary.SuccessRate);
        Assert.Equal(24.4, summary.TotalCostUsd, 1e-9);
        Assert.Equal(["north", "south"], summary.Providers.Select(p => p.Provider));
        Assert.Equal(0.01, summary.Providers[0].MeanCostUsd, 1e-12);
        Assert.Equal(4, summary.Providers[1].MeanLatencySeconds, 1e-12);
    }

    [Fact]
    public void A_saving_names_the_most_used_arm_and_a_cheaper_one_that_is_not_worse()
    {
        BanditRouter router = Given.Router();
        SegmentKey good = router.SegmentOf("implementer", "core", "low", "small"), bad = router.SegmentOf("implementer", "math", "high", "large");
        foreach (SegmentKey segment in (SegmentKey[])[good, bad])
        {
            router.Feed(segment, router.IndexOf("advanced"), new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.40 }, 200);
            router.Feed(segment, router.IndexOf("fast"), new Outcome { Kind = segment == good ? OutcomeKind.Success : OutcomeKind.Failed, CostUsd = 0.01 }, 100);
        }

        Saving saving = Assert.Single(router.Summarize().Savings);
        Assert.Equal(("advanced", "fast"), (saving.CurrentArm, saving.CheaperArm));
        Assert.Equal(["implementer", "core", "low", "small"], saving.Segment);
        Assert.InRange(saving.SavingUsd, 0.35, 0.39);
        Assert.InRange(saving.Confidence, 0.9, 1);
        Assert.Empty(router.Summarize(topSavings: 0).Savings);
    }

    [Fact]
    public void The_summary_of_a_new_router_is_empty_not_wrong()
    {
        LearningSummary summary = Given.Router().Summarize();
        Assert.Equal((0L, 0L, 0.0), (summary.Decisions, summary.Executions, summary.TotalCostUsd));
        Assert.True(double.IsNaN(summary.SuccessRate));
        Assert.Empty(summary.Providers);
        Assert.Equal(0.1, summary.ExplorationRate);
    }
}
