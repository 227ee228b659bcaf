using Bandits.Numerics;
using Bandits.Statistics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Statistics;

public sealed class InclusionProbabilitiesTests
{
    [Law]
    public void They_sum_to_the_size_and_stay_proportional_below_the_cap(byte arms, byte size, int seed)
    {
        double[] p = Weights(arms % 64 + 1, seed);
        int k = size % p.Length + 1;
        double[] pi = [.. p];
        InclusionProbabilities.Of(pi, k);
        Assert.Equal(k, pi.Sum(), 1e-12);
        Assert.All(pi, x => Assert.InRange(x, 0, 1));
        if (p.Count(x => x > 0) <= k) return;
        double[] ratios = [.. Enumerable.Range(0, p.Length).Where(i => p[i] > 0 && pi[i] < 1).Select(i => pi[i] / p[i])];
        if (ratios.Length == 0) return;
        double c = ratios[0];
        Assert.All(ratios, ratio => Assert.Equal(1, ratio / c, 1e-12));
        for (int i = 0; i < p.Length; i++) Assert.Equal(Math.Min(1, c * p[i]), pi[i], 1e-9);
    }

    [Fact]
    public void Known_values()
    {
        double[] pi = [0.7, 0.2, 0.1];
        InclusionProbabilities.Of(pi, 2); // the first is certain; 0.2 : 0.1 share the second place
        Assert.Equal(1, pi[0]);
        Assert.Equal(2.0 / 3, pi[1], 1e-14);
        Assert.Equal(1.0 / 3, pi[2], 1e-14);

        double[] scarce = [1, 0, 0, 0];
        InclusionProbabilities.Of(scarce, 2);
        Assert.Equal([1, 1.0 / 3, 1.0 / 3, 1.0 / 3], scarce);

        double[] tiny = [1, double.Epsilon, double.Epsilon];
        InclusionProbabilities.Of(tiny, 2);
        Assert.Equal([1, 0.5, 0.5], tiny);
    }

    [Theory]
    [InlineData(4, 1, 1)]
    [InlineData(4, 2, 2)]
    [InlineData(7, 3, 3)]
    [InlineData(20, 9, 4)]
    public void Counts_of_each_position_are_binomial_with_its_probability(int arms, int size, int seed)
    {
        const int Draws = 40_000;
        double[] pi = Weights(arms, seed);
        InclusionProbabilities.Of(pi, size);
        var counts = new long[arms];
        var drawn = new int[size];
        RandomStream random = Given.Random((ulong)seed);
        for (int i = 0; i < Draws; i++)
        {
            Assert.Equal(size, InclusionProbabilities.Draw(pi, random.NextUnit(), drawn));
            for (int j = 1; j < size; j++) Assert.True(drawn[j] > drawn[j - 1]);
            foreach (int at in drawn) counts[at]++;
        }

        for (int i = 0; i < arms; i++) Goodness.Fits([counts[i], Draws - counts[i]], [pi[i], 1 - pi[i]]);
    }

    [Law]
    public void Every_draw_has_exactly_the_size_whatever_the_unit(byte arms, byte size, int seed)
    {
        double[] pi = Weights(arms % 64 + 1, seed);
        int k = size % pi.Length + 1;
        InclusionProbabilities.Of(pi, k);
        var drawn = new int[k];
        foreach (double unit in (double[])[0, 0.5, 1 - 1.0 / (1L << 53), double.Epsilon])
        {
            Assert.Equal(k, InclusionProbabilities.Draw(pi, unit, drawn));
            Assert.Equal(k, drawn.Distinct().Count());
            Assert.All(drawn, at => Assert.True(pi[at] > 0));
        }
    }

    [Fact]
    public void A_choice_of_one_is_drawn_as_from_the_pmf()
    {
        double[] pmf = [0.25, 0, 0.5, 0.25], pi = [.. pmf];
        InclusionProbabilities.Of(pi, 1);
        Assert.Equal(pmf, pi);
        var drawn = new int[1];
        int[] expected = [0, 2, 2, 3];
        for (int i = 0; i < 4; i++)
        {
            InclusionProbabilities.Draw(pi, 0.25 * i, drawn);
            Assert.Equal(expected[i], drawn[0]);
        }
    }

    /// <summary>Sums that fall short of the point by far more than rounding could: the last position passed over is taken, in its place.</summary>
    [Fact]
    public void What_rounding_leaves_goes_to_the_last_position_passed_over()
    {
        var one = new int[1];
        Assert.Equal(1, InclusionProbabilities.Draw([0.3, 0.3, 0.3], 0.95, one));
        Assert.Equal([2], one);
        Assert.Equal(1, InclusionProbabilities.Draw([0.9], 0.95, one));
        Assert.Equal([0], one);
        var three = new int[3];
        Assert.Equal(3, InclusionProbabilities.Draw([1, 0.9, 1], 0.95, three));
        Assert.Equal([0, 1, 2], three);
    }

    /// <summary>Some zero, some equal, over many orders of magnitude; they sum to 1.</summary>
    private static double[] Weights(int count, int seed)
    {
        var random = new Random(seed);
        double[] weights = [.. Enumerable.Range(0, count).Select(_ => random.Next(5) switch
        {
            0 => 0,
            1 => 1,
            2 => Math.Pow(10, -random.Next(300)),
            _ => random.NextDouble(),
        })];
        if (weights.Sum() == 0) weights[0] = 1;
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
