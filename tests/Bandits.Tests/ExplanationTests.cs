using Bandits.Tests.Support;

namespace Bandits.Tests;

public sealed class ExplanationTests
{
    [Theory]
    [InlineData(Strategy.Baseline)]
    [InlineData(Strategy.Performance)]
    [InlineData(Strategy.Cost)]
    [InlineData(Strategy.Balanced)]
    [InlineData(Strategy.Learning)]
    public void An_explanation_adds_up(Strategy strategy)
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.LatencyUsdPerSecond) = (strategy, 0.002));
        var traffic = new Traffic(8);
        traffic.Run(router, 500);
        for (int i = 0; i < 50; i++)
        {
            Explanation explanation = router.Explain(traffic.NextRequest(router));
            Objective o = explanation.Objective;
            foreach (ArmExplanation arm in explanation.Arms)
            {
                Assert.Equal(arm.ValueUsd + arm.CostTermUsd + arm.LatencyTermUsd, arm.UtilityUsd, 1e-12);
                Assert.Equal(o.ValueUsd * arm.Availability * arm.QualityMean - o.CostMultiplier * arm.CostUsd - o.LatencyUsdPerSecond * arm.LatencySeconds, arm.UtilityUsd, 1e-12);
                Assert.Equal(o.ValueUsd * arm.Availability * arm.QualityDeviation, arm.UtilityDeviationUsd, 1e-12);
                Assert.True(arm.OwnSamples <= arm.Samples);
            }

            if (explanation.Arms.Any(arm => arm.WhyNot == Ineligibility.None)) Assert.Equal(1, explanation.Arms.Sum(arm => arm.Probability), 1e-12);
            Assert.Equal(explanation.Arms.Count + 1, explanation.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        }
    }
}
