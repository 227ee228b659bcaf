using Bandits.Statistics;

namespace Bandits.Tests.Statistics;

public sealed class ConservativeBudgetTests
{
    /// <summary>Two arms share delta / 2; arms 3 to K each add less, and all that ever come add the other half.</summary>
    [Fact]
    public void The_arms_bounds_spend_delta_once()
    {
        Assert.Equal(0.025, ConservativeBudget.FailureOf(0.1, 2, 2), 1e-15);
        Assert.Equal(0.005, ConservativeBudget.FailureOf(0.1, 2, 5), 1e-15); // 0.1 * 3 / (2 * 5 * 6)
        double spent = 2 * ConservativeBudget.FailureOf(0.1, 2, 2);
        Assert.Equal(0.05, spent, 1e-15);
        for (int arms = 3; arms <= 100_000; arms++) spent += ConservativeBudget.FailureOf(0.1, 2, arms);
        Assert.InRange(spent, 0.0999, 0.1);
    }

    /// <summary>Ten decisions at alpha 0.2 promise 8 of the baseline's: ten played are 2 more, worth L each; two are 6 short, owed at U each.</summary>
    [Theory]
    [InlineData(10, 1 + 2 * 0.5)]
    [InlineData(8, 1)]
    [InlineData(2, 1 - 6 * 0.9)]
    public void Surplus_counts_at_the_lower_bound_and_debt_at_the_upper(double baselinePlays, double slack) =>
        Assert.Equal(slack, ConservativeBudget.Slack(1, baselinePlays, 10, 0.2, 0.5, 0.9), 1e-12);
}
