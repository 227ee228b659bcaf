using Bandits.Statistics;

namespace Bandits.Tests.Statistics;

/// <summary>What a restored memory may hold, and when an outcome has faded away; the sums themselves are in ForgettingTests.</summary>
public sealed class DiscountedSumsTests
{
    private static readonly double[] Sound = [4, 2, 1.5, 3, 6, 14, 2, 5];

    [Theory]
    [InlineData(new[] { 4.0, 2, 1.5, 3, 6, 14, 2, 5 })]
    [InlineData(new[] { 3.0, 3.0000000015, 3.000000003, 1, 0, 0, 1, 0 })] // all 1, summed with rounding
    [InlineData(new[] { 4.0, 2, 1, 0, 0, 0, 0, 0 })]
    [InlineData(new[] { 0.0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Possible_sums_are_kept(double[] arm)
    {
        double[] memory = [7, .. Sound, .. arm];
        Assert.True(DiscountedSums.Restore(memory));
        Assert.Equal([7, .. Sound, .. arm], memory);
    }

    [Theory]
    [InlineData(new[] { 4.0, 5, 1.5, 3, 6, 14, 2, 5 })] // more quality than outcomes
    [InlineData(new[] { 4.0, 2, 2.5, 3, 6, 14, 2, 5 })] // squares above the values
    [InlineData(new[] { 4.0, 0, 0, 0, 6, 0, 0, 0 })] // amounts of nothing
    [InlineData(new[] { 4.0, 0, 0, 0, 0, 14, 0, 0 })]
    [InlineData(new[] { 4.0, 2, 1, 0, 0, 0, 0, 5 })]
    [InlineData(new[] { 4.0, 2, 1, -1, 0, 0, 0, 0 })]
    [InlineData(new[] { 4.0, 2, 1, 1, double.NaN, 0, 0, 0 })]
    [InlineData(new[] { 4.0, 2, 1, 1, double.PositiveInfinity, 0, 0, 0 })]
    public void An_arm_of_impossible_sums_is_cleared_and_reported(double[] arm)
    {
        double[] memory = [7, .. Sound, .. arm, .. Sound];
        Assert.False(DiscountedSums.Restore(memory));
        Assert.Equal([7, .. Sound, .. new double[8], .. Sound], memory);
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(0.5)]
    [InlineData(1e300)]
    [InlineData(double.NaN)]
    public void An_impossible_count_of_outcomes_starts_anew_and_is_reported(double learnt)
    {
        double[] memory = [learnt, .. Sound];
        Assert.False(DiscountedSums.Restore(memory));
        Assert.Equal([0, .. Sound], memory);
    }

    /// <summary>Halved forty times a count is 2^-40, which is the least that still counts.</summary>
    [Fact]
    public void A_count_below_the_least_becomes_nothing()
    {
        var sums = new DiscountedSums(0.5);
        var memory = new double[DiscountedSums.HeaderLength + 2 * DiscountedSums.ArmLength];
        sums.Learn(memory, new GradedOutcome(0, 1) { HasCost = true, CostUsd = 1, HasLatency = true, LatencySeconds = 1 }, 0);
        for (int i = 0; i < 40; i++) sums.Learn(memory, new GradedOutcome(1, 1), 0);
        double least = Math.Pow(2, -40);
        Assert.Equal(new OutcomeSums(least, least, least, least, least, least, least, least), DiscountedSums.Read(memory, 0));
        sums.Learn(memory, new GradedOutcome(1, 1), 0);
        Assert.Equal(default, DiscountedSums.Read(memory, 0));
    }

    /// <summary>Of age 40 it enters with 2^-40; a step older, it is as if it had not come.</summary>
    [Fact]
    public void An_outcome_that_would_weigh_less_than_the_least_changes_nothing()
    {
        var sums = new DiscountedSums(0.5);
        var memory = new double[DiscountedSums.HeaderLength + 2 * DiscountedSums.ArmLength];
        for (int i = 0; i < 41; i++) sums.Learn(memory, new GradedOutcome(1, 1), 0);
        double[] before = [.. memory];
        sums.Learn(memory, new GradedOutcome(0, 1), 41);
        Assert.Equal(before, memory);
        sums.Learn(memory, new GradedOutcome(0, 1), 40);
        Assert.Equal(Math.Pow(2, -40), DiscountedSums.Read(memory, 0).Count);
        Assert.Equal(42, DiscountedSums.Learnt(memory));
    }
}
