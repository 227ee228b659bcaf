using Bandits.Segments;
using Bandits.Tests.Support;

namespace Bandits.Tests.Segments;

/// <summary>From moments to each of the three laws, against posteriors worked out by hand.</summary>
public sealed class QualityPosteriorTests
{
    /// <summary>The share of the uncertainty of cost that is explored.</summary>
    private const double Explored = 0.25;

    private const double Exact = 1e-12;

    /// <summary>
    /// Prior Beta(1, 1); ten outcomes of mean 0.8 whose squares sum to 6.6: deviations 6.6 - 10 * 0.64 = 0.2 where successes and failures would have 1.6.
    /// </summary>
    private static readonly ArmMoments Grades = Of(1, 1, 10, 8, 6.6);

    /// <summary>Prior Beta(3, 1); four outcomes: three successes and a failure.</summary>
    private static readonly ArmMoments Trials = Of(3, 1, 4, 3, 3);

    [Fact]
    public void Beta_is_the_conjugate_posterior()
    {
        Belief belief = QualityPosterior.Of(BeliefLaw.Beta, Trials, 2, -0.25, 1);
        Assert.Equal((6.0, 2.0, 2.0, -0.25, 4.0), (belief.Alpha, belief.Beta, belief.Scale, belief.Shift, belief.Samples));
        Assert.True(belief.IsBeta);
        Assert.Equal((0.75, 0.1875), (belief.SampleMean, belief.SampleVariance));
    }

    [Fact]
    public void Grades_split_each_outcome_by_its_quality()
    {
        Belief belief = QualityPosterior.Of(BeliefLaw.Beta, Grades, 1, 0, 1);
        Assert.Equal((9.0, 3.0, 10.0), (belief.Alpha, belief.Beta, belief.Samples));
        Assert.Equal(0.8, belief.SampleMean, Exact);
        Assert.Equal(0.02, belief.SampleVariance, Exact);
    }

    [Theory]
    [InlineData(BeliefLaw.Beta)]
    [InlineData(BeliefLaw.Matched)]
    [InlineData(BeliefLaw.Student)]
    public void Without_evidence_the_prior_speaks(BeliefLaw law)
    {
        Belief belief = QualityPosterior.Of(law, Of(3, 1, 0, 0, 0), 1, 0, 0);
        Assert.Equal((0.75, 0.1875, 0.0, 0.75), (belief.SampleMean, belief.SampleVariance, belief.Samples, belief.QualityMean));
        if (law != BeliefLaw.Student) Assert.Equal((3.0, 1.0), (belief.Alpha, belief.Beta));
        else Assert.Equal((Math.Sqrt(0.1875 / 4), 2.0), (belief.Spread, belief.Degrees));
    }

    [Theory]
    [InlineData(BeliefLaw.Beta)]
    [InlineData(BeliefLaw.Matched)]
    [InlineData(BeliefLaw.Student)]
    public void The_sample_is_described_alike_under_every_law(BeliefLaw law)
    {
        Belief belief = QualityPosterior.Of(law, Grades, 1, 0, 1);
        Assert.Equal(0.8, belief.SampleMean, Exact);
        Assert.Equal(0.02, belief.SampleVariance, Exact);
        Belief unkept = QualityPosterior.Of(law, Grades with { Squares = double.NaN }, 1, 0, 1);
        Assert.Equal(0.16, unkept.SampleVariance, Exact);
    }

    [Theory]
    [InlineData(BeliefLaw.Beta)]
    [InlineData(BeliefLaw.Matched)]
    [InlineData(BeliefLaw.Student)]
    public void Squares_that_rounding_put_out_of_range_are_brought_back(BeliefLaw law)
    {
        Belief few = QualityPosterior.Of(law, Of(1, 1, 10, 8, 6.3), 1, 0, 0);
        Assert.Equal(0, few.SampleVariance);
        Belief many = QualityPosterior.Of(law, Of(1, 1, 10, 8, 9), 1, 0, 0);
        Assert.Equal(0.16, many.SampleVariance, Exact);
        Belief beyond = QualityPosterior.Of(law, Of(1, 1, 10, 10.5, 10.5) with { Failures = 1 }, 1, 0, 0);
        Assert.Equal((1.0, 0.0), (beyond.SampleMean, beyond.SampleVariance));
        Belief below = QualityPosterior.Of(law, Of(1, 1, 10, -0.5, 0) with { Successes = 1 }, 1, 0, 0);
        Assert.Equal((0.0, 0.0), (below.SampleMean, below.SampleVariance));
    }

    [Law]
    public void Matched_is_beta_bit_for_bit_for_successes_and_failures_at_no_cost(ushort successes, ushort failures, byte prior, byte scale)
    {
        int count = successes + failures;
        ArmMoments moments = Of(1 + prior / 16.0, 1 + prior % 7, count, successes, successes);
        moments.CostCount = count;
        moments.CostSum = count;
        moments.CostSquares = 2 * count;
        moments.CostMean = 1;
        foreach (ArmMoments kept in (ArmMoments[])[moments, moments with { Squares = double.NaN }])
            Assert.True(QualityPosterior.Of(BeliefLaw.Beta, kept, scale, -1, 0).IsLike(QualityPosterior.Of(BeliefLaw.Matched, kept, scale, -1, 0)));
    }

    /// <summary>Where rounding alone tells the two variances apart, nothing is gained.</summary>
    [Fact]
    public void Rounding_of_large_counts_is_no_precision()
    {
        for (int i = 1; i <= 200; i++)
        {
            ArmMoments moments = Of(1, 1, 3_000_017.0 * i, 1_000_003.0 * i, 1_000_003.0 * i);
            Assert.True(QualityPosterior.Of(BeliefLaw.Beta, moments, 1, 0, 0).IsLike(QualityPosterior.Of(BeliefLaw.Matched, moments, 1, 0, 0)));
        }
    }

    /// <summary>m = 9/12, k g = 4 * 0.75 * 0.25 = 0.75: f = (1.6 + 0.75) / (0.2 + 0.75), w' = 12 + 10 (f - 1).</summary>
    [Fact]
    public void Grades_that_vary_little_count_for_more()
    {
        double mass = 12 + 10 * (2.35 / 0.95 - 1);
        Belief belief = QualityPosterior.Of(BeliefLaw.Matched, Grades, 3, -0.5, 0);
        Assert.Equal(0.75 * mass, belief.Alpha, 1e-9);
        Assert.Equal(0.25 * mass, belief.Beta, 1e-9);
        Assert.Equal(10 * mass / 12, belief.Samples, 1e-9);
        Assert.Equal((3.0, -0.5), (belief.Scale, belief.Shift));
        Assert.True(belief.Variance < QualityPosterior.Of(BeliefLaw.Beta, Grades, 3, -0.5, 0).Variance);
    }

    /// <summary>The variance of a mean of n grades is their variance over n, whatever the prior, once n is large.</summary>
    [Theory]
    [InlineData(0.5, 0.01)]
    [InlineData(0.2, 0.04)]
    [InlineData(0.9, 0.0225)]
    public void The_variance_of_many_grades_is_that_of_the_sample(double mean, double variance)
    {
        const double Count = 1e6;
        ArmMoments moments = Of(1, 1, Count, Count * mean, Count * (variance + mean * mean));
        foreach (BeliefLaw law in (BeliefLaw[])[BeliefLaw.Matched, BeliefLaw.Student])
            Assert.Equal(1, QualityPosterior.Of(law, moments, 1, 0, 0).Variance / (variance / Count), 1e-3);
    }

    /// <summary>Nine costs of sum 18, squares 45: deviations 9, and (9 + 2^2) / 10^2 = 0.13; at c = 0.5 it is 0.0325.</summary>
    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(1, 0.7)]
    [InlineData(2, 40)]
    public void The_variance_of_cost_is_added(double multiplier, double scale)
    {
        ArmMoments costed = Costed(Trials);
        Belief free = QualityPosterior.Of(BeliefLaw.Matched, costed, scale, 0, 0);
        Belief priced = QualityPosterior.Of(BeliefLaw.Matched, costed, scale, 0, multiplier);
        double expected = free.Variance + Explored * multiplier * multiplier * 0.13;
        if (expected > scale * scale * 0.1875 / 1.1) expected = scale * scale * 0.1875 / 1.1; // no law of less than a tenth of a pseudo-count
        Assert.Equal(expected, priced.Variance, 1e-9);
        Assert.Equal(free.QualityMean, priced.QualityMean, Exact);
        Assert.Equal(free.Samples * (priced.Alpha + priced.Beta) / 8, priced.Samples, 1e-9);

        Belief student = QualityPosterior.Of(BeliefLaw.Student, costed, scale, 0, multiplier);
        Belief alone = QualityPosterior.Of(BeliefLaw.Student, costed, scale, 0, 0);
        Assert.Equal(alone.Spread * alone.Spread + Explored * multiplier * multiplier * 0.13 / (scale * scale), student.Spread * student.Spread, 1e-9);
    }

    /// <summary>At x = 2: (0 + 2^2) / (0 + 1)^2 before the first cost; a rounding below zero counts as no deviation.</summary>
    [Fact]
    public void A_cost_is_given_the_spread_of_its_own_size()
    {
        ArmMoments unseen = Trials with { CostMean = 2 }, rounded = Trials with { CostCount = 1, CostSum = 2, CostSquares = 3, CostMean = 2 };
        double free = QualityPosterior.Of(BeliefLaw.Matched, unseen, 40, 0, 0).Variance;
        Assert.Equal(free + 4 * Explored, QualityPosterior.Of(BeliefLaw.Matched, unseen, 40, 0, 1).Variance, 1e-9);
        Assert.Equal(free + 1 * Explored, QualityPosterior.Of(BeliefLaw.Matched, rounded, 40, 0, 1).Variance, 1e-9);
        Assert.True(QualityPosterior.Of(BeliefLaw.Beta, Trials, 40, 0, 0).IsLike(QualityPosterior.Of(BeliefLaw.Matched, Trials, 40, 0, 1)));
    }

    /// <summary>
    /// Normal-inverse-gamma: a = 1 + 10/2, b = 1/4 + 0.2/2 + 2 * 10 * 0.3^2 / (2 * 12) = 0.425, w = 12; a scale of sqrt(b / (a w)) and 2 a degrees.
    /// </summary>
    [Fact]
    public void Student_is_the_marginal_of_the_normal_inverse_gamma_posterior()
    {
        Belief belief = QualityPosterior.Of(BeliefLaw.Student, Grades, 3, -0.5, 0);
        Assert.Equal((12.0, 10.0, 3.0, -0.5), (belief.Degrees, belief.Samples, belief.Scale, belief.Shift));
        Assert.Equal(0.75, belief.QualityMean, Exact);
        Assert.Equal(Math.Sqrt(0.425 / 72), belief.Spread, Exact);
    }

    /// <summary>Prior mean 3/4 of mass 4: a = 3, b = 3/16 + 0.75/2 + 0, w = 8; and without squares b takes n p (1 - p), the same 0.75.</summary>
    [Fact]
    public void Student_reads_the_prior_from_what_is_not_evidence()
    {
        double spread = Math.Sqrt((0.1875 + 0.375) / 24);
        Assert.Equal(spread, QualityPosterior.Of(BeliefLaw.Student, Trials, 1, 0, 0).Spread, Exact);
        Assert.Equal(spread, QualityPosterior.Of(BeliefLaw.Student, Trials with { Squares = double.NaN }, 1, 0, 0).Spread, Exact);

        // a prior of a twentieth is taken for one of a tenth, its mean 0.4 for 0.4/2
        ArmMoments faint = Of(0.02, 0.03, 4, 2, 1.5);
        double rate = 0.2 * 0.8 + 0.5 / 2 + 0.1 * 4 * 0.09 / (2 * 4.1);
        Assert.Equal(Math.Sqrt(rate / (3 * 4.05)), QualityPosterior.Of(BeliefLaw.Student, faint, 1, 0, 0).Spread, Exact);
    }

    /// <summary>A prior that is sure still leaves a hundredth.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Student_stays_inside_where_all_is_known(double successes, double failures)
    {
        Belief belief = QualityPosterior.Of(BeliefLaw.Student, Of(successes, failures, 9, 9 * successes, 9 * successes), 1, 0, 0);
        Assert.InRange(belief.QualityMean, 1e-12, 1 - 1e-12);
        Assert.Equal(successes, belief.QualityMean, 1e-11);
        Assert.Equal(Math.Sqrt((0.0099 + 9 * 0.0001 / 20) / (5.5 * 10)), belief.Spread, Exact);
    }

    [Fact]
    public void An_arm_of_no_worth_is_a_point_under_every_law()
    {
        foreach (BeliefLaw law in Enum.GetValues<BeliefLaw>())
        {
            Belief belief = QualityPosterior.Of(law, Costed(Grades), 0, -0.5, 1);
            Assert.True(belief.IsBeta);
            Assert.Equal((-0.5, 0.0), (belief.Mean, belief.Variance));
            Assert.True(belief.IsLike(QualityPosterior.Of(law, Grades, 0, -0.5, 0))); // its cost widens nothing
        }
    }

    private static ArmMoments Of(double priorSuccesses, double priorFailures, double count, double sum, double squares) => new()
    {
        Successes = priorSuccesses + sum,
        Failures = priorFailures + count - sum,
        Count = count,
        Sum = sum,
        Squares = squares,
    };

    private static ArmMoments Costed(ArmMoments moments) => moments with { CostCount = 9, CostSum = 18, CostSquares = 45, CostMean = 2 };
}
