using Bandits.Statistics;
using Bandits.Tests.Support;
using MathNet.Numerics;

namespace Bandits.Tests.Statistics;

public sealed class ConfidenceTests
{
    [Law(MaxTest = 60)]
    public void Equals_the_closed_sum_for_whole_pseudo_counts(byte a, byte b, byte c, byte d)
    {
        (int xa, int xb, int ya, int yb) = (a % 60 + 1, b % 60 + 1, c % 60 + 1, d % 60 + 1);
        Assert.Equal(ClosedForm(xa, xb, ya, yb), Confidence.Of(new Belief(xa, xb, 0.7, -0.02, 0), new Belief(ya, yb, 0.7, -0.02, 0)), 1e-6);
    }

    public static TheoryData<double, double, double, double, double, double, double, double> Pairs { get; } = new()
    {
        { 2, 3, 1, 0, 4, 4, 1, 0.1 },
        { 2, 3, 1, 0, 4, 4, 0.5, 0.2 },
        { 1, 1, 1, 0, 5e5, 5e5, 1, 0 }, // a wide law against a narrow one
        { 5e5, 5e5, 1, 0, 1, 1, 1, 0 },
        { 3, 3, 1, 0, 7e5, 3e5, 0.4, 0.3 },
        { 0.5, 0.5, 1, 0, 0.5, 0.5, 1, -0.01 },
        { 0.05, 0.05, 1, 0, 3, 7, 1, 0.05 },
        { 3, 7, 1, 0, 0.05, 0.05, 1, 0.05 },
        { 1, 30, 0.2333, -0.001, 2, 40, 0.2333, -0.02 },
        { 980, 20, 0.2333, -0.03, 2, 1, 0.2333, -0.001 },
        { 1e5, 10, 1, 0, 2e5, 30, 1, 0 },
        { 2_500, 3e5, 30, 0, 4_000, 3e5, 20, 0 }, // skewed, where the series stands for the integral
        { 3e5, 2_500, 1, 0, 3e5, 9_000, 1, 0.0209 },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Equals_a_fine_brute_force(double xa, double xb, double xs, double xh, double ya, double yb, double ys, double yh)
    {
        Belief x = new(xa, xb, xs, xh, 0), y = new(ya, yb, ys, yh, 0);
        Assert.Equal(BruteForce(x, y), Confidence.Of(x, y), 1e-6);
    }

    /// <summary>At this mass the laws are normal to better than 1e-4.</summary>
    [Theory]
    [InlineData(1e6)]
    [InlineData(1e7)]
    [InlineData(1e8)]
    public void Huge_pseudo_counts_agree_with_the_normal_law(double n)
    {
        Belief x = new(0.6 * n, 0.4 * n, 1, 0, 0), y = new(0.6 * n, 0.4 * n, 1, 0.7 * Math.Sqrt(0.24 / n), 0);
        Assert.Equal(0.5 * SpecialFunctions.Erfc(0.7 / 2), Confidence.Of(x, y), 1e-4);
    }

    [Law(MaxTest = 3_000)]
    public void The_shortcut_never_disagrees_with_the_integral(Belief x, Belief y)
    {
        foreach (double level in (double[])[0.05, 0.3, 0.5, 0.6, 0.9, 0.99]) Assert.Equal(Confidence.Of(x, y) >= level, Confidence.IsAtLeast(x, y, level));
    }

    [Law]
    public void Chances_of_both_sides_add_up(Belief x, Belief y) => Assert.Equal(1, Confidence.Of(x, y) + Confidence.Of(y, x), 1e-5);

    [Fact]
    public void Points_and_separate_supports_are_exact()
    {
        Belief point = new(1, 1, 0, 0.25, 0), wide = new(1, 1, 1, 0, 0), above = new(1, 1, 1, 2, 0);
        Assert.Equal(0.25, Confidence.Of(point, wide), 1e-12);
        Assert.Equal(0.75, Confidence.Of(wide, point), 1e-12);
        Assert.Equal((1.0, 0.0), (Confidence.Of(above, wide), Confidence.Of(wide, above)));
        Assert.Equal(1, Confidence.Of(point, point));
    }

    /// <summary>P(X >= Y) of Beta laws with whole pseudo-counts (Cook 2005, Exact calculation of Beta inequalities).</summary>
    private static double ClosedForm(int xa, int xb, int ya, int yb)
    {
        double sum = 0;
        for (int i = 0; i < xa; i++)
            sum += Math.Exp(SpecialFunctions.BetaLn(ya + i, xb + yb) - Math.Log(xb + i) - SpecialFunctions.BetaLn(1 + i, xb) - SpecialFunctions.BetaLn(ya, yb));
        return sum;
    }

    /// <summary>Sums F_Y over 200,000 equally likely slices of X, each at its middle, by walking X's own distribution function in logit steps.</summary>
    private static double BruteForce(in Belief x, in Belief y)
    {
        const int Steps = 200_000;
        double low = x.Alpha < 1 ? -700 : -60, high = x.Beta < 1 ? 700 : 60, sum = 0, before = 0;
        double centre = Math.Log(x.Alpha / x.Beta), spread = Math.Sqrt(1 / x.Alpha + 1 / x.Beta);
        (low, high) = (Math.Max(low, centre - 60 * spread), Math.Min(high, centre + 60 * spread));
        for (int i = 1; i <= Steps; i++)
        {
            double t = low + (high - low) * i / Steps, middle = low + (high - low) * (i - 0.5) / Steps;
            double now = i == Steps ? 1 : SpecialFunctions.BetaRegularized(x.Alpha, x.Beta, 1 / (1 + Math.Exp(-t)));
            if (now > before) sum += (now - before) * y.Cdf(x.Scale / (1 + Math.Exp(-middle)) + x.Shift);
            before = now;
        }

        return sum;
    }
}
