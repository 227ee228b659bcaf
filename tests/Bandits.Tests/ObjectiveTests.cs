namespace Bandits.Tests;

public sealed class ObjectiveTests
{
    [Fact]
    public void Classic_weights_map_to_dollars_as_the_worked_example_says()
    {
        Objective objective = Objective.FromWeights(0.7, 0.3, 0.10);
        Assert.Equal(0.7 / 0.3 * 0.10, objective.ValueUsd, 1e-15);
        Assert.Equal(0.00233, objective.ValueUsd / 100, 1e-5);
        Assert.Equal((1.0, 0.0), (objective.CostMultiplier, objective.LatencyUsdPerSecond));
    }

    [Fact]
    public void Without_a_cost_weight_only_quality_counts() =>
        Assert.Equal(new Objective(1, 0, 0.5), Objective.FromWeights(0.7, 0, 0.10, 0.5));
}
