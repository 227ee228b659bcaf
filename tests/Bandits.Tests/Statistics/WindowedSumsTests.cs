using Bandits.Statistics;

namespace Bandits.Tests.Statistics;

/// <summary>Which damage a restored window reports, and what its places hold; the sums themselves are in ForgettingTests.</summary>
public sealed class WindowedSumsTests
{
    /// <summary>Where the places begin, and how long one is.</summary>
    private const int First = 4, Place = 5;

    [Fact]
    public void Damage_to_a_window_is_reported()
    {
        var sums = new WindowedSums(4);
        var memory = new double[sums.HeaderLength + 2 * WindowedSums.ArmLength];
        for (int i = 0; i < 7; i++) sums.Learn(memory, new GradedOutcome(i % 2, 0.5), i == 5 ? 3 : 0);
        Assert.True(sums.Restore([.. memory]));
        Assert.Equal([4, 7, 0, 3], memory[..First]);
        Assert.Equal([8, 9, 11, 0], [memory[First], memory[First + Place], memory[First + 2 * Place], memory[First + 3 * Place]]);
        (int At, double Wrong)[] damages =
        [
            (0, 0), (0, 3), (0, 5), // another window, or none
            (1, -1), (1, 0.5), (1, 1e300), (1, 5), (1, 9), (2, 4), (2, 1), (2, 0.5), (3, 5), (3, 4), (3, 2), (3, 0.5),
            (First + Place, 7), (First + Place, 8.5), (First + Place, 11), (First + 2 * Place, 12), // has left, between two, later than there may be room
            (First + 1, 12), (First + 2, 0.5), (First + 3 * Place + 2, 3), (sums.HeaderLength, 3),
        ];
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
        sums.Learn(memory, new GradedOutcome(0, 1) { CostUsd = 5, LatencySeconds = 7 }, 0);
        Assert.Equal([2, 1, 0, 1, 3, 4, 1L << 32, 0, 0], memory[..(First + Place)]);
    }

    [Fact]
    public void Clearing_an_arm_leaves_the_others_in_the_window()
    {
        var sums = new WindowedSums(12);
        var memory = new double[sums.HeaderLength + 2 * WindowedSums.ArmLength];
        for (int i = 0; i < 9; i++) sums.Learn(memory, new GradedOutcome(i / 8, 1), 0);
        sums.Clear(memory, 1);
        Assert.Equal((8.0, 0.0), (sums.Read(memory, 0).Count, sums.Read(memory, 1).Count));
        Assert.True(sums.Restore(memory));
    }
}
