using Bandits.Tests.Support;

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

    [Theory]
    [InlineData(Strategy.Balanced)]
    [InlineData(Strategy.Learning)]
    [InlineData(Strategy.Adaptive)]
    public void What_a_success_is_worth_may_be_said_in_dollars(Strategy strategy)
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.SuccessUsd, o.CostWeight, o.LatencyUsdPerSecond) = (strategy, 0.5, 0, 0.001));
        Assert.Equal(new Objective(0.5, 1, 0.001), router.Objective);
        router.Reconfigure(Given.Options(o => (o.Strategy, o.LatencyUsdPerSecond) = (strategy, 0.001)));
        Assert.Equal(Objective.FromWeights(0.7, 0.3, 0.10, 0.001), router.Objective);
        Assert.Contains("SuccessUsd is 0", Assert.Single(Given.Options(o => o.SuccessUsd = 0).Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void Strategies_of_one_aim_do_not_look_at_it()
    {
        Assert.Equal(Objective.Quality, Given.Router(o => (o.Strategy, o.SuccessUsd) = (Strategy.Performance, 9)).Objective);
        Assert.Equal(Objective.Cost, Given.Router(o => (o.Strategy, o.SuccessUsd) = (Strategy.Cost, 9)).Objective);
    }

    [Fact]
    public void Without_a_cost_weight_only_quality_counts() =>
        Assert.Equal(new Objective(1, 0, 0.5), Objective.FromWeights(0.7, 0, 0.10, 0.5));
}
