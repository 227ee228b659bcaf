using Bandits.Tests.Support;

namespace Bandits.Tests;

/// <summary>The quality floor of <see cref="Strategy.Cost"/> is held with the confidence that is stated.</summary>
public sealed class QualityFloorTests
{
    /// <summary>
    /// 1,200 arms drawn from the prior Beta(14, 6), half of them within 0.07 of the floor 0.7. Were 1 in 10, or 1 in 20, of those that clear it truly below, a share above the bound had probability 0.001
    /// (normal quantile 3.09).
    /// </summary>
    [Theory]
    [InlineData(0.9, 10)]
    [InlineData(0.9, 60)]
    [InlineData(0.95, 30)]
    public void Of_arms_near_the_floor_that_clear_it_no_more_are_below_than_stated(double confidence, int outcomes)
    {
        var random = new Random(21);
        BanditRouter router = Given.Router(
            o => (o.Strategy, o.QualityFloor, o.QualityFloorConfidence, o.Pooling, o.Dimensions) = (Strategy.Cost, 0.7, confidence, false, ["task"]),
            new Arm { Id = "only", PriorQuality = 0.7, PriorSamples = 20 });
        int cleared = 0, below = 0;
        for (int i = 0; i < 1200; i++)
        {
            double quality = Drawn(random);
            SegmentKey segment = router.SegmentOf($"t{i}");
            int successes = 0;
            for (int n = 0; n < outcomes; n++)
                if (random.NextDouble() < quality) successes++;
            router.Feed(segment, 0, successes, outcomes - successes);
            if ((router.Explain(new Request(segment)).Traits & DecisionTraits.FloorUnmet) != 0) continue;
            cleared++;
            if (quality < 0.7) below++;
        }

        double allowed = 1 - confidence, most = allowed + 3.09 * Math.Sqrt(allowed * (1 - allowed) / cleared);
        Assert.True(cleared > 50, $"{cleared} cleared it.");
        Assert.True(below <= most * cleared, $"{below} of {cleared} are below the floor.");
        Assert.True(below > 0, "So strict a floor is not what was stated.");
    }

    /// <summary>Beta(14, 6): the 14th smallest of 19 uniform numbers.</summary>
    private static double Drawn(Random random)
    {
        double[] uniform = [.. Enumerable.Range(0, 19).Select(_ => random.NextDouble())];
        Array.Sort(uniform);
        return uniform[13];
    }
}
