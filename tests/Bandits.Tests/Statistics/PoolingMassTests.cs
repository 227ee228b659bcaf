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
        Assert.True(PoolingMass.Estimate([.. Enumerable.Range(0, 20).Select(i => new Moments(100, i % 2 * 98 + 1, i % 2 * 98 + 1))], 1) < 1);

    [Fact]
    public void A_few_outcomes_decide_nothing()
    {
        Assert.Equal(PoolingMass.Start, PoolingMass.Estimate([], 3));
        Assert.Equal(PoolingMass.Start, PoolingMass.Estimate([new Moments(50, 20, 20)], 1));
        Assert.InRange(PoolingMass.Estimate([new Moments(1, 1, 1), new Moments(1, 0, 0)], 1), 5, 20);
        Assert.InRange(PoolingMass.Estimate([new Moments(2, 2, 2), new Moments(2, 0, 0)], 1), 2, 20);
    }

    [Fact]
    public void Grades_that_are_all_alike_are_no_proof_of_a_difference() =>
        Assert.InRange(PoolingMass.Estimate([new Moments(3, 3, 3), new Moments(3, 3, 3)], 1), PoolingMass.Start, PoolingMass.Most);

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

            masses[run] = PoolingMass.Estimate(cells, 1);
        }

        Array.Sort(masses);
        return masses[50];
    }
}
