using Bandits.Policies;
using Bandits.Tests.Support;
using MathNet.Numerics.Distributions;

namespace Bandits.Tests.Policies;

/// <summary>Worked examples of the policies that draw from or integrate over posteriors.</summary>
public sealed class PosteriorPolicyTests
{
    private const double Tolerance = 1e-6;

    [Fact]
    public void Thompson_of_two_uniform_arms_at_different_costs()
    {
        // P(U - c > V) = (1 - c)^2 / 2.
        double[] pmf = Pmf(ThompsonPolicy.Instance, new Belief(1, 1, 1, -0.1, 0), new Belief(1, 1, 1, 0, 0));
        Assert.Equal(0.405, pmf[0], Tolerance);
    }

    [Fact]
    public void Optimistic_thompson_never_draws_below_the_mean()
    {
        // Against Beta(3, 1), of mean 3/4, a uniform arm wins where it exceeds 3/4 and the other's draw: (1 - (3/4)^4) / 4.
        double[] pmf = Pmf(OptimisticThompsonPolicy.Instance, new Belief(1, 1, 1, 0, 0), new Belief(3, 1, 1, 0, 0));
        Assert.Equal(0.1708984375, pmf[0], Tolerance);
        Assert.Equal(0.25, Pmf(ThompsonPolicy.Instance, new Belief(1, 1, 1, 0, 0), new Belief(3, 1, 1, 0, 0))[0], Tolerance);
    }

    [Fact]
    public void Optimistic_atoms_that_meet_share()
    {
        // A point at 1/2 and the atom of a uniform arm: half of the time both are at 1/2.
        double[] pmf = Pmf(OptimisticThompsonPolicy.Instance, new Belief(1, 1, 1, 0, 0), new Belief(1, 1, 0, 0.5, 0));
        Assert.Equal(0.75, pmf[0], Tolerance);
        Assert.Equal(0.25, pmf[1], Tolerance);
    }

    [Fact]
    public void Gaussian_thompson_shrinks_by_one_outcome()
    {
        // N(3/4 * 1/2, 1/4) against N(15/16 * 1/4, 1/16).
        Belief[] beliefs = [new(1, 1, 1, 0, 3) { SampleMean = 0.5 }, new(1, 1, 1, 0, 15) { SampleMean = 0.25 }];
        Assert.Equal(Normal.CDF(0, 1, (0.375 - 0.234375) / Math.Sqrt(0.3125)), Pmf(GaussianThompsonPolicy.Instance, beliefs)[0], Tolerance);
        Assert.Equal(Normal.CDF(0, 1, (0.375 - 0.234375) / Math.Sqrt(0.3125) * 2), Pmf(new GaussianThompsonPolicy(0.25), beliefs)[0], Tolerance);
    }

    [Fact]
    public void Gaussian_thompson_does_not_look_at_the_prior()
    {
        Belief[] one = [new(9, 1, 1, 0, 3) { SampleMean = 0.5 }, new(2, 7, 1, -0.2, 8) { SampleMean = 0.25 }];
        Belief[] other = [new(1, 3, 1, 0, 3) { SampleMean = 0.5 }, new(7, 7, 1, -0.2, 8) { SampleMean = 0.25 }];
        Assert.Equal(Pmf(GaussianThompsonPolicy.Instance, one), Pmf(GaussianThompsonPolicy.Instance, other));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void Top_two_of_two_arms_mixes_leader_and_challenger(double share)
    {
        Belief[] beliefs = [new(1, 1, 1, -0.1, 0), new(1, 1, 1, 0, 0)];
        Assert.Equal(share * 0.405 + (1 - share) * 0.595, Pmf(new TopTwoThompsonPolicy(share), beliefs)[0], Tolerance);
    }

    [Fact]
    public void Top_two_is_its_closed_form()
    {
        Belief[] beliefs = [new(3, 2, 1, 0, 0), new(5, 4, 1, 0, 0), new(2, 6, 1, 0, 0), new(8, 3, 1, -0.1, 0)];
        double[] p = Pmf(ThompsonPolicy.Instance, beliefs), psi = Pmf(TopTwoThompsonPolicy.Instance, beliefs);
        for (int a = 0; a < p.Length; a++)
        {
            double sum = 0;
            for (int b = 0; b < p.Length; b++) sum += b == a ? 0 : p[b] / (1 - p[b]);
            Assert.Equal(p[a] * (0.5 + 0.5 * sum), psi[a], 1e-9);
        }
    }

    [Theory]
    [InlineData(900, 500)]
    [InlineData(2700, 1500)]
    public void Top_two_finds_the_challenger_of_a_leader_who_is_certain(double good, double middling)
    {
        // P(challenger is best) is down to 1e-100 and below, far less than an absolute error of the integral.
        double all = good / 0.9;
        var second = new Belief(middling, all - middling, 1, 0, 0);
        Belief[] beliefs = [new(good, all - good, 1, 0, 0), second, second, new(middling / 2, all - middling / 2, 1, 0, 0)];
        double[] psi = Pmf(TopTwoThompsonPolicy.Instance, beliefs);
        Assert.Equal(0.5, psi[0], Tolerance);
        Assert.Equal(psi[1], psi[2], 1e-12);
        if (good < 1000) Assert.Equal(0.25, psi[1], Tolerance);
        Assert.Equal(1, psi.Sum(), 1e-12);
    }

    [Fact]
    public void Boltzmann_gumbel_of_equal_counts_is_the_softmax()
    {
        // Noise 1/2 / sqrt(16) = 1/8.
        Belief[] beliefs = [new(1, 1, 2, 0, 16) { SampleMean = 0.5 }, new(1, 1, 2, -0.3, 16) { SampleMean = 0.6 }];
        double first = Math.Exp(2 * 0.5 * 8 / 2), second = Math.Exp((2 * 0.6 - 0.3) * 8 / 2);
        Assert.Equal(first / (first + second), Pmf(BoltzmannGumbelPolicy.Instance, beliefs)[0], Tolerance);
    }

    [Fact]
    public void Boltzmann_gumbel_tries_the_untried_first()
    {
        Belief[] beliefs = [new(1, 1, 1, 0, 5), new(1, 9, 1, -1, 0), new(1, 1, 1, 0, 0)];
        Assert.Equal([0.0, 0.5, 0.5], Pmf(BoltzmannGumbelPolicy.Instance, beliefs));
    }

    [Fact]
    public void Information_direction_of_a_known_and_a_uniform_arm()
    {
        // Best of 0.6 and U: 0.68, so regrets 0.08 and 0.18; gains 0 and 0.4 * 0.3^2 + 0.6 * 0.2^2 = 0.06; (0.08 + 0.1 s)^2 / (0.06 s) is least at s = 0.8.
        double[] pmf = Pmf(InformationDirectedPolicy.Instance, new Belief(1, 1, 0, 0.6, 0), new Belief(1, 1, 1, 0, 0));
        Assert.Equal(0.2, pmf[0], Tolerance);
        Assert.Equal(0.8, pmf[1], Tolerance);
    }

    [Fact]
    public void Information_direction_agrees_with_simulated_regret_and_gain()
    {
        Belief[] beliefs = [new(3, 2, 1, 0, 0), new(4, 4, 1, 0, 0), new(2, 5, 1, 0.1, 0)];
        double[] regret = new double[3], gain = new double[3], means = new double[3];
        var sums = new double[3, 3];
        var counts = new double[3];
        const int Draws = 400_000;
        var random = Given.Random(5);
        double best = 0;
        var draw = new double[3];
        for (int n = 0; n < Draws; n++)
        {
            for (int i = 0; i < 3; i++) draw[i] = Bandits.Statistics.UtilitySampler.Sample(beliefs[i], ref random);
            int most = Array.IndexOf(draw, draw.Max());
            best += draw[most] / Draws;
            counts[most]++;
            for (int i = 0; i < 3; i++) (means[i], sums[most, i]) = (means[i] + draw[i] / Draws, sums[most, i] + draw[i]);
        }

        for (int i = 0; i < 3; i++)
        {
            regret[i] = best - means[i];
            for (int a = 0; a < 3; a++) gain[i] += counts[a] / Draws * Math.Pow(sums[a, i] / counts[a] - means[i], 2);
        }

        double[] pmf = Pmf(InformationDirectedPolicy.Instance, beliefs);
        double chosen = Ratio(pmf), least = double.PositiveInfinity;
        for (int i = 0; i <= 100; i++)
            for (int j = 0; j + i <= 100; j++)
                least = Math.Min(least, Ratio([i / 100.0, j / 100.0, (100 - i - j) / 100.0]));
        Assert.InRange(chosen, least * 0.98, least * 1.02);

        double Ratio(double[] pi) => Math.Pow(pi.Zip(regret, (x, y) => x * y).Sum(), 2) / pi.Zip(gain, (x, y) => x * y).Sum();
    }

    [Fact]
    public void Information_direction_among_many_arms_is_thompson()
    {
        Belief[] beliefs = [.. Enumerable.Range(1, InformationDirectedPolicy.MostArms + 1).Select(i => new Belief(i, 20 - i, 1, 0, 0))];
        Assert.Equal(Pmf(ThompsonPolicy.Instance, beliefs), Pmf(InformationDirectedPolicy.Instance, beliefs));
    }

    [Fact]
    public void Parameters_are_refused_outside_their_range()
    {
        Assert.Contains("variance", Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianThompsonPolicy(0)).Message, StringComparison.Ordinal);
        Assert.Contains("noise", Assert.Throws<ArgumentOutOfRangeException>(() => new BoltzmannGumbelPolicy(double.NaN)).Message, StringComparison.Ordinal);
        Assert.Contains("(0, 1)", Assert.Throws<ArgumentOutOfRangeException>(() => new TopTwoThompsonPolicy(1)).Message, StringComparison.Ordinal);
    }

    private static double[] Pmf(IRoutingPolicy policy, params Belief[] beliefs)
    {
        var pmf = new double[beliefs.Length];
        Assert.True(policy.TryGetPmf(new Choices(beliefs, Enumerable.Range(0, beliefs.Length).ToArray(), 100), pmf));
        return pmf;
    }
}
