using System.Runtime.Intrinsics;
using Bandits.Numerics;

namespace Bandits.Tests.Numerics;

public sealed class CoarseMathTests
{
    private const double ExpError = 1e-11;
    private const double LogError = 2e-12;

    [Fact]
    public void Exponential_errs_by_less_than_it_says()
    {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            double x = (random.NextDouble() * 2 - 1) * Math.Exp(random.NextDouble() * 14 - 7.5);
            if (Math.Abs(x) <= 708) Assert.Equal(1, CoarseMath.Exp(Vector256.Create(x))[i & 3] / Math.Exp(x), ExpError);
        }
    }

    [Fact]
    public void Exponential_is_held_within_the_range_of_numbers()
    {
        Vector256<double> held = CoarseMath.Exp(Vector256.Create(-1e300, -709, 1e9, double.PositiveInfinity));
        Assert.InRange(held[0], 0, 1e-307);
        Assert.InRange(held[1], 0, 1e-307);
        Assert.InRange(held[2], 8e307, double.MaxValue);
        Assert.InRange(held[3], 8e307, double.MaxValue);
    }

    [Fact]
    public void Logarithm_errs_by_less_than_it_says_near_one_too()
    {
        var random = new Random(2);
        for (int i = 0; i < 100_000; i++)
        {
            double x = (i & 1) == 0 ? Math.Exp(random.NextDouble() * 1400 - 700) : 1 + (random.NextDouble() - 0.5) * Math.Pow(10, -random.Next(0, 15));
            double expected = Math.Log(x);
            if (expected != 0) Assert.Equal(1, CoarseMath.Log(Vector256.Create(x))[i & 3] / expected, LogError);
        }
    }

    [Fact]
    public void Logarithm_of_no_positive_number_is_finite()
    {
        Vector256<double> logs = CoarseMath.Log(Vector256.Create(0.0, -1, 1e-310, -1e-310));
        for (int lane = 0; lane < 4; lane++) Assert.True(double.IsFinite(logs[lane]));
    }
}
