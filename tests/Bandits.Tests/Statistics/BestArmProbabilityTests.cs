using Bandits.Numerics;
using Bandits.Statistics;
using Bandits.Tests.Support;
using MathNet.Numerics.Distributions;

namespace Bandits.Tests.Statistics;

public sealed class BestArmProbabilityTests
{
    /// <summary>The promise where p is at least 1e-6, and where it is at least 1e-12.</summary>
    private const double Relative = 1e-4;
    private const double RelativeInTail = 1e-2;

    public static TheoryData<string> Cases => [.. Named.Keys];

    private static Dictionary<string, Belief[]> Named { get; } = new()
    {
        ["four alike in width"] = [Of(20, 11), Of(18, 14), Of(25.5, 12.2), Of(22, 15)],
        ["four at different costs"] = [Of(20, 11, 1, -0.01), Of(18, 14, 1, -0.003), Of(25.5, 12.2, 1, -0.03), Of(22, 15, 0.9)],
        ["cold start at different costs"] = [Of(1, 1, 1, -0.01), Of(1, 1, 1, -0.003), Of(1, 1, 1, -0.03), Of(1, 1, 1, -0.02)],
        ["arcsine priors at different costs"] = [Of(0.5, 0.5, 1, -0.01), Of(0.5, 0.5, 1, -0.003), Of(1.5, 0.5, 1, -0.03), Of(0.5, 2.5, 1, -0.02)],
        ["arcsine priors at one cost"] = [Of(0.5, 0.5), Of(0.5, 1.5), Of(1.5, 0.5), Of(2.5, 2.5)],
        ["hardly any mass"] = [Of(0.05, 0.05), Of(0.05, 1.05), Of(1.05, 0.05), Of(0.3, 0.05)],
        ["hardly any mass on different scales"] = [Of(0.05, 0.05, 1, 0.1), Of(0.05, 1.05, 3, -0.05), Of(1.05, 0.05), Of(0.3, 0.05, 0.2333, 0.1)],
        ["a hundred million beside one"] = [Of(5e7, 5e7), Of(1, 1), Of(2, 1)],
        ["a hundred million twice"] = [Of(5e7, 5e7), Of(5e7 + 7000, 5e7 - 7000), Of(1, 1)],
        ["far apart"] = [Of(7e4, 3e4), Of(6e4, 4e4), Of(20, 10)],
        ["deep in the tail"] = [Of(90, 10), Of(50, 50), Of(30, 70), Of(5, 5)],
        ["all success or all failure"] = [Of(1001, 1), Of(1, 1001), Of(501, 1), Of(1, 1)],
        ["all failure"] = [Of(1, 1001), Of(1, 501), Of(1, 2001), Of(0.5, 100.5)],
        ["all success"] = [Of(1001, 1), Of(501, 1), Of(2001.5, 0.5), Of(100.5, 0.5)],
        ["near the upper end"] = [Of(995, 5), Of(970.5, 30), Of(1, 9)],
        ["near the lower end"] = [Of(30, 970.5), Of(6, 995), Of(2.5, 300)],
        ["a point among them"] = [Of(20, 11), Of(3, 3, 0, 0.6), Of(10, 11)],
        ["two points at the bottom of another"] = [Of(0.5, 0.5, 0.4, 0.3), Of(3, 3, 0, 0.3), Of(10, 11, 0.5), Of(1, 1, 0, 0.3)],
        ["scales from a thousandth to three"] = [Of(20, 11), Of(18, 14, 3, -1), Of(0.7, 1.2, 0.2333, 0.4), Of(22, 15, 1e-3, 0.6)],
        ["ends almost touching"] = [Of(0.5, 0.5), Of(0.5, 0.7, 1, -1e-6), Of(1.3, 0.4, 1, 1e-9), Of(1, 1)],
        ["one narrow, others wide"] = [Of(60000, 40000), Of(3, 9), Of(2.2, 15), Of(590, 410)],
        ["low power beside a high one"] = [Of(0.992, 5.747), Of(8.174, 5.101)],
        ["ten arms"] = [.. Enumerable.Range(1, 10).Select(i => Of(i * 1.7, 11 - i, 1, -0.001 * i))],
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees_with_a_thousand_panels(string name)
    {
        Belief[] beliefs = Named[name];
        double[] expected = SlowBestArm.Of(beliefs), actual = Pmf(beliefs, out double sum);
        Assert.Equal(1, expected.Sum(), 1e-8);
        Assert.Equal(1, sum, Relative);
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i] < 1e-12) Assert.Equal(expected[i], actual[i], 1e-13);
            else Assert.Equal(1, actual[i] / expected[i], expected[i] >= 1e-6 ? Relative : RelativeInTail);
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 2, 5, 4)]
    [InlineData(40, 2, 12, 9)]
    [InlineData(7, 30, 60, 200)]
    public void Two_arms_with_whole_counts_have_a_closed_form(int a, int b, int c, int d)
    {
        // P(X > Y) for X ~ Beta(a, b), Y ~ Beta(c, d): sum over i < a of B(c + i, b + d) / ((b + i) B(1 + i, b) B(c, d)) is P(Y < X)'s complement.
        double expected = 0;
        for (int i = 0; i < a; i++)
            expected += Math.Exp(LogBeta(c + i, b + d) - LogBeta(1 + i, b) - LogBeta(c, d)) / (b + i);
        double[] pmf = Pmf([Of(a, b), Of(c, d)], out double sum);
        Assert.Equal(1, sum, 1e-6);
        Assert.Equal(expected, pmf[0], 2e-6 * expected);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Powers_of_one_uniform_have_a_closed_form(int arms)
    {
        // The best of m uniform draws is Beta(m, 1); against one more it wins with m / (m + 1).
        double[] pmf = Pmf([Of(1, 1), .. Enumerable.Repeat(Of(2, 1), arms)], out double sum);
        Assert.Equal(1, sum, 1e-5);
        Assert.Equal(1.0 / (2 * arms + 1), pmf[0], Relative / (2 * arms + 1));
    }

    [Fact]
    public void Two_normal_arms_have_a_closed_form()
    {
        foreach (double gap in (double[])[0.1, 1, 3, 7, 20])
        {
            Span<UtilityLaw> laws = BestArmProbability.LawsOf(2);
            (laws[0], laws[1]) = (UtilityLaw.Normal(5, 3), UtilityLaw.Normal(5 + gap * 5, 4));
            var pmf = new double[2];
            Assert.Equal(1, BestArmProbability.Write(laws, pmf, BestArmProbability.MostDepth), 1e-6);
            Assert.InRange(pmf[0] / Normal.CDF(0, 1, -gap), 1 - 1e-5, 1 + 1e-5);
        }
    }

    [Fact]
    public void Equal_gumbel_scales_are_the_softmax()
    {
        double[] means = [0.2, 0.3, -0.5, 0.31, -6];
        Span<UtilityLaw> laws = BestArmProbability.LawsOf(means.Length);
        for (int i = 0; i < means.Length; i++) laws[i] = UtilityLaw.Gumbel(means[i], 0.25);
        var pmf = new double[means.Length];
        Assert.Equal(1, BestArmProbability.Write(laws, pmf), 1e-6);
        double total = means.Sum(m => Math.Exp(4 * m));
        for (int i = 0; i < means.Length - 1; i++) Assert.Equal(Math.Exp(4 * means[i]) / total, pmf[i], 1e-6);
        Assert.InRange(pmf[^1] / (Math.Exp(4 * means[^1]) / total), 1 - RelativeInTail, 1 + RelativeInTail);
    }

    [Fact]
    public void Cauchy_and_student_arms_agree_with_symmetry_and_draws()
    {
        Belief[] beliefs =
        [
            Belief.Student(0.5, 0.1, 1, 1, 0, 5), Belief.Student(0.6, 0.05, 3, 1, -0.05, 9), Belief.Student(0.55, 0.02, 30, 2, -0.6, 40),
            Belief.Student(0.5, 0.1, double.PositiveInfinity, 1, 0, 3), Of(3, 4),
        ];
        FollowsDraws(beliefs);
        double[] pmf = Pmf([beliefs[0], Belief.Student(0.5, 0.7, 0.3, 1, 0, 1)], out double sum);
        Assert.Equal(1, sum, 1e-6);
        Assert.Equal(0.5, pmf[0], 1e-6);
    }

    [Theory]
    [InlineData("four at different costs")]
    [InlineData("arcsine priors at one cost")]
    [InlineData("a point among them")]
    [InlineData("all failure")]
    public void A_million_draws_follow_it(string name) => FollowsDraws(Named[name]);

    [Fact]
    public void Disjoint_supports_leave_the_lower_arm_nothing() =>
        Assert.Equal([0.0, 1.0], Pmf([Of(5, 1, 1, 0), Of(1, 5, 1, 1)], out _));

    [Fact]
    public void Equal_points_share() => Assert.Equal([0.5, 0.0, 0.5], Pmf([Of(1, 1, 0, 2), Of(9, 1, 0, 1), Of(3, 1, 0, 2)], out _));

    [Fact]
    public void Every_arm_of_the_laws_adds_up_before_it_is_scaled()
    {
        var random = new Random(4);
        for (int round = 0; round < 3_000; round++)
        {
            var beliefs = new Belief[random.Next(2, 12)];
            for (int i = 0; i < beliefs.Length; i++)
            {
                double mass = Math.Exp(random.NextDouble() * 23 - 2.9), share = random.NextDouble();
                double scale = random.Next(4) == 0 ? 3 : 1, shift = random.Next(3) == 0 ? 0 : -0.1 * random.NextDouble();
                beliefs[i] = Of(Math.Max(0.05, mass * share), Math.Max(0.05, mass * (1 - share)), scale, shift);
            }

            Pmf(beliefs, out double sum);
            Assert.InRange(sum, 1 - Relative, 1 + Relative);
        }
    }

    [Fact]
    public void The_law_of_a_billion_outcomes_keeps_its_digits()
    {
        double[] pmf = Pmf([Of(5e8, 5e8), Of(5e8 + 15811.388300841898, 5e8 - 15811.388300841898)], out double sum);
        Assert.Equal(1, sum, 1e-5);
        Assert.InRange(pmf[0] / Normal.CDF(0, 1, -Math.Sqrt(0.5)), 1 - 1e-4, 1 + 1e-4); // a deviation of 1/sqrt(4e9) each, one deviation apart
    }

    private static void FollowsDraws(Belief[] beliefs)
    {
        double[] pmf = Pmf(beliefs, out _);
        var counts = new long[beliefs.Length];
        RandomStream random = Given.Random(17);
        for (int draw = 0; draw < 1_000_000; draw++)
        {
            int best = 0;
            double most = double.NegativeInfinity;
            for (int i = 0; i < beliefs.Length; i++)
            {
                double utility = UtilitySampler.Sample(beliefs[i], ref random);
                if (utility > most) (most, best) = (utility, i);
            }

            counts[best]++;
        }

        Goodness.Fits(counts, pmf);
    }

    private static double LogBeta(double a, double b) => MathNet.Numerics.SpecialFunctions.BetaLn(a, b);

    private static Belief Of(double alpha, double beta, double scale = 1, double shift = 0) => new(alpha, beta, scale, shift, 0);

    private static double[] Pmf(Belief[] beliefs, out double sum)
    {
        var pmf = new double[beliefs.Length];
        Span<UtilityLaw> laws = BestArmProbability.LawsOf(beliefs.Length);
        for (int i = 0; i < beliefs.Length; i++) laws[i] = UtilityLaw.Of(beliefs[i]);
        sum = BestArmProbability.Write(laws, pmf);
        return pmf;
    }
}
