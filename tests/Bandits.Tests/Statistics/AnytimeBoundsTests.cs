using Bandits.Numerics;
using Bandits.Statistics;
using Bandits.Tests.Support;
using MathNet.Numerics.Distributions;

namespace Bandits.Tests.Statistics;

public sealed class AnytimeBoundsTests
{
    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(1, 1.0)]
    [InlineData(10, 0.5)]
    [InlineData(1_000, 0.02)]
    [InlineData(1_000_000, 0.9)]
    public void At_a_bound_the_divergence_is_the_radius(long count, double mean)
    {
        (double lower, double upper) = AnytimeBounds.Of(count, mean, 0.01);
        double radius = Math.Log((count + 1) / 0.01) / count;
        Assert.InRange(lower, 0, mean);
        Assert.InRange(upper, mean, 1);
        if (mean > 0) Assert.Equal(1, BernoulliKl.Divergence(mean, lower) / radius, 1e-6);
        if (mean < 1) Assert.Equal(1, BernoulliKl.Divergence(mean, upper) / radius, 1e-6);
    }

    [Fact]
    public void Known_values()
    {
        // Ten successes of ten, delta 0.05: -ln L = ln(11 / 0.05) / 10.
        Assert.Equal(Math.Pow(220, -0.1), AnytimeBounds.Of(10, 1, 0.05).Lower, 1e-12);
        Assert.Equal(1 - Math.Pow(220, -0.1), AnytimeBounds.Of(10, 0, 0.05).Upper, 1e-12);
        Assert.Equal((0.0, 1.0), AnytimeBounds.Of(0, 0, 0.05));
    }

    /// <summary>Looked at after every outcome, the bounds fail in no more runs than stated, graded outcomes included; with a radius half as wide they fail
    /// in more.</summary>
    [Theory]
    [InlineData(0.5, false)]
    [InlineData(0.1, false)]
    [InlineData(0.3, true)]
    public void Peeking_after_every_outcome_does_not_break_them(double mu, bool graded)
    {
        const int Runs = 400, Outcomes = 500;
        const double Failure = 0.1;
        int failed = 0, wouldFail = 0;
        RandomStream random = Given.Random(17);
        for (int run = 0; run < Runs; run++)
        {
            double sum = 0;
            bool fails = false, halfFails = false;
            for (int n = 1; n <= Outcomes; n++)
            {
                sum += graded ? 2 * mu * random.NextUnit() : random.NextUnit() < mu ? 1 : 0;
                double exponent = n * BernoulliKl.Divergence(sum / n, mu), limit = Math.Log((n + 1) / Failure);
                fails |= exponent > limit;
                halfFails |= exponent > 0.25 * limit; // a quarter of the exponent is half the width
            }

            failed += fails ? 1 : 0;
            wouldFail += halfFails ? 1 : 0;
        }

        Assert.True(failed <= Most(Failure, Runs), $"{failed} of {Runs} runs failed.");
        if (!graded) Assert.True(wouldFail > Most(Failure, Runs), $"{wouldFail} of {Runs} runs would fail.");
    }

    /// <summary>The number of failures that more than the stated share of runs would exceed only once in a million.</summary>
    internal static int Most(double probability, int runs)
    {
        int most = (int)(probability * runs);
        while (Binomial.CDF(probability, runs, most) < 1 - Goodness.FalseAlarm) most++;
        return most;
    }
}
