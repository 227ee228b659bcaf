using Bandits.Numerics;
using Bandits.Tests.Support;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Bandits.Tests.Numerics;

public sealed class SamplerTests
{
    private const int Draws = 100_000;

    private delegate double Sampler(ref RandomStream stream);

    [Fact]
    public void Normals_fit_their_law() => Smirnov.Fits(Draw(1, ZigguratNormal.Sample, 1_000_000), x => Normal.CDF(0, 1, x));

    /// <summary>Marginals alone would hide a wrong layer area or a cut tail.</summary>
    [Fact]
    public void Normals_fit_in_the_tail_and_around_the_edges_of_layers()
    {
        double[] edges = [-4.5, -4.1, -3.8, -3.6541528853610088, -3.5, -3.3, -3, -2.5, -2, -1.5, -1, -0.5, -0.2, -0.05, 0];
        double[] all = [.. edges, .. edges.Reverse().Skip(1).Select(x => -x)];
        var counts = new long[all.Length + 1];
        RandomStream stream = Given.Random(2);
        for (int i = 0; i < 2_000_000; i++)
        {
            double x = ZigguratNormal.Sample(ref stream);
            int at = Array.BinarySearch(all, x);
            counts[at < 0 ? ~at : at]++;
        }

        double[] below = [0, .. all.Select(x => Normal.CDF(0, 1, x)), 1];
        Goodness.Fits(counts, [.. below.Skip(1).Zip(below, (high, low) => high - low)]);
    }

    [Fact]
    public void Exponentials_fit_their_law() => Smirnov.Fits(Draw(3, ExponentialSampler.Sample), x => -NearOne.Expm1(-x));

    [Fact]
    public void Gumbels_fit_their_law() => Smirnov.Fits(Draw(4, ExponentialSampler.SampleGumbel), x => Math.Exp(-Math.Exp(-x)));

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(50)]
    [InlineData(1e6)]
    public void Gammas_fit_their_law(double shape)
    {
        var sampler = new GammaSampler(shape);
        Smirnov.Fits(Draw(5, sampler.Sample), x => x < 1e-9 ? Math.Pow(x, shape) / SpecialFunctions.Gamma(shape + 1)
            : shape > 1e5 ? WilsonHilferty(shape, x) : SpecialFunctions.GammaLowerRegularized(shape, x));
    }

    /// <summary>The departure: a squeeze that tightens as the shape grows.</summary>
    [Fact]
    public void The_squeeze_accepts_nothing_that_the_exact_rule_refuses()
    {
        for (double d = 2.0 / 3; d < 1e7; d *= 1.1)
        {
            double c = 1 / Math.Sqrt(9 * d), k = 0.0331 * 2 / 3 / d;
            for (double x = -0.999 / c; x < Math.Min(40, 2 / c); x += Math.Max(0.01, 0.002 / c))
            {
                double t = c * x, v = Math.Pow(1 + t, 3), squeezed = 1 - k * x * x * x * x;
                if (squeezed > 0) Assert.True(Math.Log(squeezed) <= 0.5 * x * x + d * (1 - v + 3 * Math.Log(1 + t)) + 1e-15 * d, $"d = {d}, x = {x}");
            }
        }
    }

    [Theory]
    [InlineData(0.05, 0.05)]
    [InlineData(0.5, 2)]
    [InlineData(1, 1)]
    [InlineData(3, 900)]
    [InlineData(1e5, 1e5)]
    [InlineData(1e9, 1)]
    [InlineData(1, 1e9)]
    public void Betas_fit_their_law(double a, double b)
    {
        var sampler = new BetaSampler(a, b);
        Func<double, double> law = a == 1 ? x => -NearOne.Expm1(b * NearOne.Log1p(-x)) : b == 1 ? x => Math.Exp(a * Math.Log(x))
            : x => SpecialFunctions.BetaRegularized(a, b, x);
        Smirnov.Fits(Draw(6, sampler.Sample), law, upTo: BetaSampler.Most);
        Smirnov.Fits(Draw(7, sampler.SampleLogOdds), y => y < 0 ? law(1 / (1 + Math.Exp(-y))) : 1 - UpperTail(a, b, 1 / (1 + Math.Exp(y))));
    }

    [Theory]
    [InlineData(0.05, 0.05)]
    [InlineData(0.05, 1e9)]
    [InlineData(1e9, 0.05)]
    [InlineData(1e9, 1e9)]
    [InlineData(1, 1e9)]
    [InlineData(1e9, 1)]
    [InlineData(0.05, 1)]
    public void Beta_draws_lie_inside_and_agree_with_their_complement(double a, double b)
    {
        var sampler = new BetaSampler(a, b);
        RandomStream stream = Given.Random(8);
        for (int i = 0; i < 20_000; i++)
        {
            RandomStream again = stream;
            double x = sampler.Sample(ref stream), same = sampler.Sample(ref again, out double complement);
            Assert.Equal(x, same);
            Assert.True(x is > 0 and < 1 && complement is > 0 and < 1, $"{x}, {complement}");
            Assert.Equal(1, x + complement, 1e-15);
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(30)]
    [InlineData(1e4)]
    [InlineData(double.PositiveInfinity)]
    public void Students_fit_their_law(double degrees)
    {
        var sampler = new StudentSampler(degrees);
        Smirnov.Fits(Draw(9, sampler.Sample), x => double.IsPositiveInfinity(degrees) ? Normal.CDF(0, 1, x) : StudentT.CDF(0, 1, degrees, x));
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.01)]
    public void Student_draws_are_finite(double degrees)
    {
        var sampler = new StudentSampler(degrees);
        Assert.All(Draw(10, sampler.Sample, 2_000), x => Assert.True(double.IsFinite(x)));
    }

    [Fact]
    public void The_same_stream_gives_the_same_numbers()
    {
        BetaSampler beta = new(0.7, 30);
        GammaSampler gamma = new(4);
        StudentSampler student = new(5);
        Assert.Equal(Draw(11, beta.Sample, 100), Draw(11, beta.Sample, 100));
        Assert.Equal(Draw(11, gamma.Sample, 100), Draw(11, gamma.Sample, 100));
        Assert.Equal(Draw(11, student.Sample, 100), Draw(11, student.Sample, 100));
        Assert.NotEqual(Draw(11, beta.Sample, 100), Draw(12, beta.Sample, 100));
    }

    [Fact]
    public void Sampling_allocates_nothing()
    {
        RandomStream stream = Given.Random(13);
        double sum = 0;
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 1_000; i++) sum += Each(ref stream);
        }));
        Assert.True(double.IsFinite(sum));

        static double Each(ref RandomStream stream) =>
            new BetaSampler(2, 3).Sample(ref stream) + new BetaSampler(0.2, 3).Sample(ref stream) + new GammaSampler(0.5).Sample(ref stream)
            + ZigguratNormal.Sample(ref stream) + ExponentialSampler.SampleGumbel(ref stream) + Math.Atan(new StudentSampler(1.5).Sample(ref stream));
    }

    /// <summary>P(X > x) from 1 - x.</summary>
    private static double UpperTail(double a, double b, double complement) =>
        b == 1 ? -NearOne.Expm1(a * NearOne.Log1p(-complement))
        : a == 1 ? Math.Exp(b * Math.Log(complement)) : SpecialFunctions.BetaRegularized(b, a, complement);

    /// <summary>Wilson and Hilferty (1931): the cube root is all but normal for a large shape.</summary>
    private static double WilsonHilferty(double shape, double x) => Normal.CDF(0, 1, 3 * Math.Sqrt(shape) * (Math.Cbrt(x / shape) - 1 + 1 / (9 * shape)));

    private static double[] Draw(ulong seed, Sampler sampler, int count = Draws)
    {
        RandomStream stream = Given.Random(seed);
        var draws = new double[count];
        for (int i = 0; i < count; i++) draws[i] = sampler(ref stream);
        return draws;
    }
}
