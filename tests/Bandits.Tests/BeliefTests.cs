using Bandits.Tests.Support;
using MathNet.Numerics.Distributions;

namespace Bandits.Tests;

public sealed class BeliefTests
{
    [Law]
    public void Mean_variance_and_distribution_are_those_of_an_affine_beta(Belief belief)
    {
        var law = new Beta(belief.Alpha, belief.Beta);
        Assert.Equal(belief.Scale * law.Mean + belief.Shift, belief.Mean, 1e-12);
        Assert.Equal(belief.Scale * belief.Scale * law.Variance, belief.Variance, 1e-12);
        foreach (double q in (double[])[0.001, 0.2, 0.5, 0.9, 0.999])
            Assert.Equal(law.CumulativeDistribution(q), belief.Cdf(belief.Scale * q + belief.Shift), 1e-7);
    }

    [Law]
    public void Quantile_inverts_the_distribution(byte a, byte b)
    {
        var belief = new Belief(a % 50 + 1, b % 50 + 1, 0.5, -0.1, 0);
        foreach (double p in (double[])[0.01, 0.25, 0.5, 0.99]) Assert.Equal(p, belief.Cdf(belief.Quantile(p)), 1e-6);
    }

    [Fact]
    public void A_law_without_scale_is_a_point()
    {
        var belief = new Belief(3, 4, 0, -0.5, 0);
        Assert.Equal((-0.5, 0.0, 0.0, 1.0), (belief.Mean, belief.Variance, belief.Cdf(-0.5000001), belief.Cdf(-0.5)));
    }

    [Theory]
    [InlineData(0, 1, 1, 0, 0)]
    [InlineData(1, double.NaN, 1, 0, 0)]
    [InlineData(1, 1, -1, 0, 0)]
    [InlineData(1, 1, 1, double.PositiveInfinity, 0)]
    [InlineData(1, 1, 1, 0, -1)]
    public void An_impossible_law_is_refused(double alpha, double beta, double scale, double shift, double samples) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Belief(alpha, beta, scale, shift, samples));

    [Fact]
    public void Grades_enter_as_fractions() // pitfall 4
    {
        BanditRouter router = Given.Router(o => o.Dimensions = []);
        router.Feed(default, 1, new Outcome { Kind = OutcomeKind.Partial, Quality = 0.4 }, 10);
        Belief belief = router.BeliefOf(default, 1);
        Assert.Equal(1 + 4.0, belief.Alpha, 1e-8);
        Assert.Equal(1 + 6.0, belief.Beta, 1e-8);
    }
}
