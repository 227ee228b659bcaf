using Bandits.Statistics;
using Bandits.Tests.Support;
using MathNet.Numerics.Distributions;

namespace Bandits.Tests.Statistics;

public sealed class PoolingMassTests
{
    /// <summary>Median of 101 simulated parents with 30 children of 60 outcomes; the truth is m of the beta-binomial.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(30)]
    public void The_mass_is_near_the_truth_where_siblings_differ(double mass) => Assert.InRange(Median(mass, 30, 60), mass / 1.7, mass * 1.7);

    [Fact]
    public void Labels_that_are_noise_make_a_large_mass()
    {
        Assert.True(Median(double.PositiveInfinity, 30, 60) > 5 * PoolingMass.Start);
        Assert.True(Median(double.PositiveInfinity, 300, 60) > 20 * PoolingMass.Start);
    }

    [Fact]
    public void Siblings_at_opposite_ends_share_next_to_nothing() =>
        Assert.True(Estimate([.. Enumerable.Range(0, 20).Select(i => new Moments(100, i % 2 * 98 + 1, i % 2 * 98 + 1))], 1) < 1);

    /// <summary>
    /// 8 of 10 and 2 of 10: between = 1.8 * 19/5 = 6.84, within 3.2 * 19/5 = 12.16 of 18 degrees, so W = 16.16/22; C = 20 - 200/20 = 10, P = 40.
    /// </summary>
    [Fact]
    public void The_mass_is_the_one_worked_by_hand()
    {
        Moments good = new(10, 8, 8), bad = new(10, 2, 2), none = default;
        double expected = 50 / (6.84 * 22 / 16.16 - 1 + 4);
        Assert.Equal(expected, Estimate([good, bad], 1), 1e-12);
        Assert.Equal(expected, Estimate([good, none, bad], 1), 1e-12);

        // the same again in another unit, and an arm that one sibling alone has tried
        Moments dear = new(10, 800, 80_000), cheap = new(10, 200, 20_000);
        double pooled = 60 / (2 * 6.84 * 40 / 28.32 - 2 + 4);
        Assert.Equal(pooled, Estimate([good, dear, bad, cheap], 2), 1e-12);
        Assert.Equal(pooled, Estimate([good, dear, new Moments(9, 4, 4), bad, cheap, none], 3), 1e-12);
    }

    /// <summary>3 of 3 and 0 of 2: between = 1.2 * 4/1.2 = 4, within 0 of 3 degrees, so W = 4/7; C = 5 - 13/5 = 2.4, below ten, so P = 9.6.</summary>
    [Fact]
    public void Small_siblings_are_expected_to_be_small() =>
        Assert.Equal(12 / (7 - 1 + 0.96), Estimate([new Moments(3, 3, 3), new Moments(2, 0, 0)], 1), 1e-12);

    /// <summary>All, none and half of four: between = 2 * 11/3, within 11/3 of 9 degrees, so W = 23/39; C = 12 - 48/12 = 8 and P = 4 * 8/2 = 16.</summary>
    [Fact]
    public void Every_sibling_has_a_degree_of_freedom() =>
        Assert.Equal(24 / (286.0 / 23 - 2 + 1.6), Estimate([new Moments(4, 4, 4), new Moments(4, 0, 0), new Moments(4, 2, 2)], 1), 1e-12);

    [Fact]
    public void The_mass_is_bounded_where_siblings_agree()
    {
        Assert.Equal(PoolingMass.Most, Estimate([new Moments(1e4, 5e3, 5e3), new Moments(1e4, 5e3, 5e3)], 1));
        Assert.Equal(PoolingMass.Most, Estimate([.. Enumerable.Repeat(new Moments(10, 5, 5), 9)], 1));
        Assert.Equal((PoolingMass.Start, PoolingMass.Start, PoolingMass.Start), (new PoolingMass().Quality, new PoolingMass().Cost, new PoolingMass().Latency));
    }

    [Fact]
    public void A_few_outcomes_decide_nothing()
    {
        Assert.Equal(PoolingMass.Start, Estimate([], 3));
        Assert.Equal(PoolingMass.Start, Estimate([new Moments(50, 20, 20)], 1));
        Assert.Equal(PoolingMass.Start, Estimate([new Moments(1, 1, 1), new Moments(1, 0, 0)], 1));
        Assert.InRange(Estimate([new Moments(2, 2, 2), new Moments(2, 0, 0)], 1), 2, 20);
    }

    [Fact]
    public void Grades_that_are_all_alike_are_no_proof_of_a_difference() =>
        Assert.Equal(PoolingMass.Start, Estimate([new Moments(3, 3, 3), new Moments(3, 3, 3)], 1));

    private static double Median(double mass, int children, int outcomes)
    {
        var random = new Random(42);
        var masses = new double[101];
        for (int run = 0; run < masses.Length; run++)
        {
            var cells = new Moments[children];
            for (int c = 0; c < children; c++)
            {
                double q = double.IsFinite(mass) ? Beta.Sample(random, 0.6 * mass, 0.4 * mass) : 0.6;
                int good = Enumerable.Range(0, outcomes).Count(_ => random.NextDouble() < q);
                cells[c] = new Moments(outcomes, good, good);
            }

            masses[run] = Estimate(cells, 1);
        }

        Array.Sort(masses);
        return masses[50];
    }

    private static double Estimate(ReadOnlySpan<Moments> cells, int arms)
    {
        PoolingMass.Sums sums = default;
        sums.Add(cells, arms);
        return sums.Mass;
    }
}
