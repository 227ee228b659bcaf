using Bandits.Policies;

namespace Bandits.Tests.Policies;

public sealed class InverseGapPolicyTests
{
    private static readonly Objective TwoDollars = new(2, 1, 0);

    /// <summary>A success is worth $2, so gaps are 0, 0.05 and 0.25. Outcome 99 is behind: gamma = 10 sqrt(100) = 100, and p = 1/(3 + 5), 1/(3 + 25), the rest.</summary>
    [Fact]
    public void SquareCb_is_worked_by_hand() =>
        AssertPmf([1 - 1.0 / 8 - 1.0 / 28, 1.0 / 8, 1.0 / 28], PmfOf(new SquareCbPolicy(), 99, TwoDollars, 1.0, 0.9, 0.5));

    [Fact]
    public void SquareCb_sharpens_by_its_exponent()
    {
        AssertPmf([5.0 / 6, 1.0 / 6], PmfOf(new SquareCbPolicy(8, 0), 1e6, TwoDollars, 1.0, 0)); // gap 0.5, gamma 8
        AssertPmf([1 - 1.0 / 402, 1.0 / 402], PmfOf(new SquareCbPolicy(8, 1), 99, TwoDollars, 1.0, 0)); // gamma 800
    }

    /// <summary>Epochs end at 2, 4, 8, ...: with two arms, c = 3, F = 5 and delta = 1/5 gamma is 1, then 3 sqrt(2 tau / ln(25 tau)) for tau = 2, 4, 8. The gap is 1/4.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 3.0335457588228225)]
    [InlineData(3, 3.0335457588228225)]
    [InlineData(4, 3.954061373893565)]
    [InlineData(7, 3.954061373893565)]
    [InlineData(8, 5.2132945320360236)]
    public void Falcon_is_worked_by_hand(double round, double gamma)
    {
        double lower = 1 / (2 + gamma / 4);
        AssertPmf([1 - lower, lower], PmfOf(new FalconPolicy(3, 5, 0.2), round, TwoDollars, 1.0, 0.5));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void The_unit_of_utility_changes_nothing(IRoutingPolicy policy) =>
        AssertPmf(PmfOf(policy, 50, new Objective(2, 1, 0), 1.0, 0.9, 0.5), PmfOf(policy, 50, new Objective(2e-6, 1, 0), 1e-6, 0.9e-6, 0.5e-6));

    [Theory]
    [MemberData(nameof(Both))]
    public void Where_only_cost_counts_the_distance_of_best_and_worst_is_the_unit(IRoutingPolicy policy) =>
        AssertPmf(PmfOf(policy, 50, new Objective(1, 1, 0), 1, 0.75, 0), PmfOf(policy, 50, Objective.Cost, -0.01, -0.02, -0.05));

    [Theory]
    [MemberData(nameof(Both))]
    public void Best_arms_exactly_tied_share_what_is_left(IRoutingPolicy policy)
    {
        double[] pmf = PmfOf(policy, 50, TwoDollars, 1, 0.5, 1, 0.5);
        Assert.Equal(pmf[0], pmf[2]);
        Assert.Equal(pmf[1], pmf[3]);
        Assert.True(pmf[0] > pmf[1]);
        AssertPmf([1], PmfOf(policy, 0, TwoDollars, 0.3));
    }

    /// <summary>Pitfall: Vowpal Wabbit's SquareCB emitted negative probabilities.</summary>
    [Fact]
    public void No_number_of_arms_and_no_gamma_makes_a_probability_negative()
    {
        var random = new Random(2);
        foreach (double gamma in (double[])[1e-300, 1e-9, 0.1, 1, 1e3, 1e12, 1e300])
            foreach (int arms in (int[])[1, 2, 3, 17, 1000])
                foreach (double unit in (double[])[0, 1e-300, 1e-6, 1, 1e200])
                {
                    double[] pmf = PmfOf(new SquareCbPolicy(gamma), 1e9, new Objective(unit, 1, 0), [.. Enumerable.Range(0, arms).Select(_ => random.Next(50) / 50.0)]);
                    Assert.All(pmf, p => Assert.InRange(p, 0, 1));
                    Assert.Equal(1, pmf.Sum(), 1e-12);
                }
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(double.NaN, 0.5)]
    [InlineData(double.PositiveInfinity, 0.5)]
    [InlineData(1, -0.1)]
    [InlineData(1, 1.1)]
    public void SquareCb_refuses_what_is_out_of_range(double gammaScale, double exponent) => Assert.Throws<ArgumentOutOfRangeException>(() => new SquareCbPolicy(gammaScale, exponent));

    [Theory]
    [InlineData(0, 10, 0.1)]
    [InlineData(1, 0.5, 0.1)]
    [InlineData(1, 10, 0)]
    [InlineData(1, 10, 1)]
    public void Falcon_refuses_what_is_out_of_range(double gammaScale, double classSize, double risk) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FalconPolicy(gammaScale, classSize, risk));

    public static TheoryData<IRoutingPolicy> Both => [new SquareCbPolicy(), new FalconPolicy()];

    /// <summary>Arms whose mean utility is known: an arm of scale 0 is its shift.</summary>
    private static double[] PmfOf(IRoutingPolicy policy, double round, Objective objective, params double[] means)
    {
        Belief[] beliefs = [.. means.Select(mean => new Belief(1, 1, 0, mean, 10))];
        var pmf = new double[means.Length];
        Assert.True(policy.TryGetPmf(new Choices(beliefs, [.. Enumerable.Range(0, means.Length)], round) { Objective = objective }, pmf));
        return pmf;
    }

    private static void AssertPmf(double[] expected, double[] pmf)
    {
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], pmf[i], 1e-12);
    }
}
