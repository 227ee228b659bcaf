using Bandits.Statistics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Statistics;

public sealed class AdaptiveExplorationTests
{
    [Fact]
    public void A_poor_segment_that_was_predicted_to_be_poor_stops_exploring()
    {
        AdaptiveExploration share = default;
        for (int i = 0; i < 1_000; i++) share.Observe(0.1, i % 10 == 0 ? 1 : 0, 0.1);
        Assert.Equal(AdaptiveExploration.Lowest, share.Rate, 1e-12);
    }

    [Fact]
    public void A_shortfall_raises_the_share_to_its_bound()
    {
        AdaptiveExploration share = default;
        for (int i = 0; i < 200; i++) share.Observe(0.9, i % 2, 0.1);
        Assert.Equal(AdaptiveExploration.Highest, share.Rate, 1e-12);
    }

    [Fact]
    public void Between_the_thresholds_nothing_changes()
    {
        AdaptiveExploration share = default;
        for (int i = 0; i < 20; i++) share.Observe(0.9, 1, 0.1);
        double before = share.Rate;
        Assert.Equal(0.08, before, 1e-12);
        for (int i = 0; i < 20; i++) share.Observe(0.5, i < 7 ? 1 : 0, 0.1); // z = 3 / sqrt(5) = 1.34
        Assert.Equal(before, share.Rate);
    }

    /// <summary>z of exactly 2 and 1: neither raises nor lowers.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public void At_a_threshold_nothing_changes(double shortfall)
    {
        AdaptiveExploration share = default;
        share.Observe(AdaptiveExploration.Window, shortfall, 1, 0.1);
        Assert.Equal(0.1, share.Rate);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_prediction_without_variance_is_no_evidence_of_a_shortfall(double observed)
    {
        AdaptiveExploration share = default;
        for (int i = 0; i < AdaptiveExploration.Window; i++) share.Observe(1, observed, 0.1);
        Assert.Equal(0.08, share.Rate, 1e-12);
    }

    [Fact]
    public void Nothing_is_judged_before_a_block_is_full()
    {
        AdaptiveExploration share = default;
        for (int i = 0; i < AdaptiveExploration.Window - 1; i++) share.Observe(0.9, 0, 0.1);
        Assert.False(share.HasRate);
        share.Observe(0.9, 0, 0.1);
        Assert.Equal(0.15, share.Rate, 1e-12);
    }

    /// <summary>10,000 blocks at each quality, against what the binomial law says of z above 2 plus six deviations; at 0.9 its skew makes that 0.043.</summary>
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Calibrated_predictions_seldom_raise(double quality)
    {
        var random = Given.Random(17);
        int raised = 0;
        for (int block = 0; block < 10_000; block++)
        {
            AdaptiveExploration share = default;
            for (int i = 0; i < AdaptiveExploration.Window; i++) share.Observe(quality, random.NextUnit() < quality ? 1 : 0, 0.1);
            if (share.Rate > 0.1) raised++;
        }

        Assert.InRange(raised, 0, quality > 0.8 ? 600 : 350);
    }

    [Fact]
    public void A_grade_that_comes_with_a_later_revision_is_observed()
    {
        BanditRouter router = Given.Router(o => o.Dimensions = []);
        for (int i = 0; i < 200; i++)
        {
            Decision decision = router.Force(default, 1);
            router.Record(decision, new Outcome { Kind = OutcomeKind.HumanReview });
            router.Record(decision, new Outcome { Kind = OutcomeKind.Success, Revision = 1 });
            router.Record(decision, new Outcome { Kind = OutcomeKind.Success, Quality = 0.9, Revision = 2 });
        }

        Assert.Equal(AdaptiveExploration.Lowest, router.ExplorationRateOf(default), 1e-12);
        Assert.Equal(200 % AdaptiveExploration.Window, router.CaptureState().Segments[0].Exploration[1]);
    }
}
