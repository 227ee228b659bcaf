using Bandits.Numerics;
using Bandits.Tests.Support;
using MathNet.Numerics;

namespace Bandits.Tests.Numerics;

public sealed class StudentLawTests
{
    private const double Precision = 1e-9;
    private static readonly double[] Points = [1e-6, 0.01, 0.3, 1, 2.5, 6, 30, 1e3, 1e8];

    /// <summary>Closed forms of one, two and four degrees, written so that nothing cancels.</summary>
    [Fact]
    public void Tails_are_those_of_the_closed_forms()
    {
        foreach (double t in Points)
        {
            double root = Math.Sqrt(2 + t * t), cosine = 4 / (4 + t * t), rest = cosine / (1 + t / Math.Sqrt(4 + t * t)); // 1 - sin
            Same(Math.Atan(1 / t) / Math.PI, new StudentLaw(1).Survival(t));
            Same(1 / (2 + t * t + t * root), new StudentLaw(2).Survival(t));
            Same(0.25 * rest * rest * (3 - rest), new StudentLaw(4).Survival(t)); // 1/2 - s (3 - s^2) / 4, s = 1 - rest
            Same(1 - Math.Atan(1 / t) / Math.PI, new StudentLaw(1).At(t));
            Same(Math.Log(1 / (Math.PI * (1 + t * t))), new StudentLaw(1).LogDensity(t));
            Same(Math.Log(Math.Pow(2 + t * t, -1.5)), new StudentLaw(2).LogDensity(t));
        }
    }

    [Fact]
    public void Infinitely_many_degrees_are_the_normal_law()
    {
        StudentLaw normal = new(double.PositiveInfinity);
        foreach (double t in (double[])[1e-6, 0.01, 0.5, 1, 3, 4.999, 5.001, 8, 20, 37])
        {
            Same(0.5 * SpecialFunctions.Erfc(t / Math.Sqrt(2)), normal.Survival(t));
            Same(-0.5 * t * t - 0.5 * Math.Log(2 * Math.PI), normal.LogDensity(t));
        }

        Assert.Equal(-0.5e6 - Math.Log(1e3) - 0.5 * Math.Log(2 * Math.PI), normal.LogSurvival(1e3), 1e-5); // Mills
    }

    /// <summary>Second order in 1/nu is below 1e-10 here: P = Q + f (t^3 + t) / (4 nu).</summary>
    [Fact]
    public void Many_degrees_approach_the_normal_law_at_the_known_rate()
    {
        StudentLaw normal = new(double.PositiveInfinity);
        foreach (double degrees in (double[])[1e8, 1e12, 1e16])
        {
            foreach (double t in (double[])[0.1, 1, 3, 6])
                Same(normal.Survival(t) + Math.Exp(normal.LogDensity(t)) * (t * t * t + t) / (4 * degrees), new StudentLaw(degrees).Survival(t));
        }
    }

    [Law(MaxTest = 500)]
    public void Tails_agree_with_the_reference(ushort degreesAt, ushort at)
    {
        double degrees = 0.1 * Math.Exp(degreesAt / 65_535.0 * Math.Log(1e4)), t = 1e-3 * Math.Exp(at / 65_535.0 * Math.Log(1e5));
        double reference = 0.5 * SpecialFunctions.BetaRegularized(degrees / 2, 0.5, degrees / (degrees + t * t));
        if (reference > 1e-290) Same(reference, new StudentLaw(degrees).Survival(t));
    }

    /// <summary>ln P is the integral of the hazard: its slope is f/P.</summary>
    [Law(MaxTest = 500)]
    public void Density_is_the_slope_of_the_tail(ushort degreesAt, short at)
    {
        double degrees = 0.1 * Math.Exp(degreesAt / 65_535.0 * Math.Log(1e6)), t = at / 3_000.0, step = 1e-4;
        var law = new StudentLaw(degrees);
        double slope = (law.LogSurvival(t - step) - law.LogSurvival(t + step)) / (2 * step);
        Assert.InRange(Math.Exp(law.LogDensity(t) - law.LogSurvival(t)) / slope, 1 - 1e-4, 1 + 1e-4);
    }

    [Law(MaxTest = 500)]
    public void Quantile_attains_its_tail(ushort degreesAt, ushort at, bool normal)
    {
        double degrees = normal ? double.PositiveInfinity : 0.1 * Math.Exp(degreesAt / 65_535.0 * Math.Log(1e8)), tail = Math.Exp(-0.001 - at / 65_535.0 * 27);
        var law = new StudentLaw(degrees);
        double t = law.UpperQuantile(tail);
        Same(tail, law.Survival(t));
        Assert.Equal(-t, law.LowerQuantile(tail));
        Assert.True(law.UpperQuantile(tail * 0.999) > t);
    }

    [Fact]
    public void Middle_and_far_ends_behave()
    {
        foreach (double degrees in (double[])[0.01, 1, 30, 1e9, double.PositiveInfinity])
        {
            var law = new StudentLaw(degrees);
            Assert.Equal((0.5, 0.5, 0.0), (law.Survival(0), law.At(0), law.UpperQuantile(0.5)));
            Assert.True(double.IsFinite(law.LogSurvival(1e150)) && double.IsFinite(law.LogDensity(1e150)));
            Assert.InRange(law.LogAt(1e150), -0.1, 0);
            Assert.Equal((0, 1), (law.Survival(double.PositiveInfinity), law.At(double.PositiveInfinity)));
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        double sum = 0;
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 1; i < 100; i++) sum += Each(i) + Each(double.PositiveInfinity);
        }));
        Assert.True(double.IsFinite(sum));

        static double Each(double degrees)
        {
            var law = new StudentLaw(degrees);
            return law.Survival(1) + law.LogDensity(2) + law.UpperQuantile(0.01);
        }
    }

    private static void Same(double expected, double actual) => Assert.InRange(Math.Abs(actual / expected - 1), 0, Precision);
}
