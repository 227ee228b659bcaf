using Bandits.Statistics;

namespace Bandits.Tests.Statistics;

/// <summary>Which damage a restored window reports, and what its places hold; the sums themselves are in ForgettingTests.</summary>
public sealed class WindowedSumsTests
{
    [Fact]
    public void Damage_to_a_window_is_reported()
    {
        var sums = new WindowedSums(4);
        var memory = new double[sums.HeaderLength + 2 * WindowedSums.ArmLength];
        for (int i = 0; i < 3; i++) sums.Learn(memory, new GradedOutcome(i % 2, 0.5));
        Assert.True(sums.Restore([.. memory]));
        (int At, double Wrong)[] damages = [(0, 4), (0, -1), (0, 0.5), (1, 12), (2, 0.5), (sums.HeaderLength, 3)];
        foreach ((int at, double wrong) in damages)
        {
            double[] damaged = [.. memory];
            damaged[at] = wrong;
            Assert.False(sums.Restore(damaged), $"{wrong} at {at}");
            Assert.True(sums.Restore(damaged));
        }
    }

    [Fact]
    public void What_is_not_known_is_not_kept()
    {
        var sums = new WindowedSums(2);
        var memory = new double[sums.HeaderLength + WindowedSums.ArmLength];
        sums.Learn(memory, new GradedOutcome(0, 1) { CostUsd = 5, LatencySeconds = 7 });
        Assert.Equal([1, 4, 1L << 32, 0, 0], memory[..5]);
    }

    [Fact]
    public void Clearing_an_arm_leaves_the_others_in_the_window()
    {
        var sums = new WindowedSums(12);
        var memory = new double[sums.HeaderLength + 2 * WindowedSums.ArmLength];
        for (int i = 0; i < 9; i++) sums.Learn(memory, new GradedOutcome(i / 8, 1));
        sums.Clear(memory, 1);
        Assert.Equal((8.0, 0.0), (sums.Read(memory, 0).Count, sums.Read(memory, 1).Count));
        Assert.True(sums.Restore(memory));
    }
}
