using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Statistics;
using Bandits.Tests.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests.Statistics;

public sealed class StoppingRuleTests
{
    /// <summary>40 outcomes of mean 0.8 against 20 of 0.5, pooled at 0.7.</summary>
    [Fact]
    public void The_statistic_is_the_cost_of_making_two_arms_equal()
    {
        Belief better = IndexRuleTests.Of(0.8, 40), worse = IndexRuleTests.Of(0.5, 20);
        Assert.Equal(2.772817570567188, TransportationCost.Of(better, worse), 1e-12);
        Assert.Equal(0, TransportationCost.Of(worse, better));
    }

    [Fact]
    public void Utilities_of_other_scales_are_made_equal_where_that_is_cheapest()
    {
        Belief better = IndexRuleTests.Of(0.8, 40, 2, -0.5), worse = IndexRuleTests.Of(0.5, 20, 0.7, 0.2);
        double least = double.PositiveInfinity;
        for (double u = 0.55; u < 0.9; u += 1e-5) least = Math.Min(least, 40 * Kl(0.8, (u + 0.5) / 2) + 20 * Kl(0.5, (u - 0.2) / 0.7));
        Assert.Equal(least, TransportationCost.Of(better, worse), 1e-8);
        Assert.Equal(TransportationCost.Of(IndexRuleTests.Of(0.8, 40), IndexRuleTests.Of(0.5, 20)),
            TransportationCost.Of(IndexRuleTests.Of(0.8, 40, 3, -1), IndexRuleTests.Of(0.5, 20, 3 + 1e-12, -1)), 1e-9);
    }

    [Fact]
    public void Arms_that_cannot_meet_cost_infinity_and_an_arm_without_scale_stays()
    {
        Assert.Equal(double.PositiveInfinity, TransportationCost.Of(IndexRuleTests.Of(0.8, 40, 1, 1), IndexRuleTests.Of(0.5, 20, 0.9)));
        Assert.Equal(20 * Kl(0.5, 0.8), TransportationCost.Of(IndexRuleTests.Of(0.3, 40, 0, 0.8), IndexRuleTests.Of(0.5, 20)), 1e-9);
        Assert.Equal(40 * Kl(0.8, 0.4), TransportationCost.Of(IndexRuleTests.Of(0.8, 40), IndexRuleTests.Of(0.5, 20, 0, 0.4)), 1e-9);
    }

    /// <summary>T by its definition, solved apart from this code.</summary>
    [Theory]
    [InlineData(0.01, 6.216680275268768)]
    [InlineData(1, 9.104517025658739)]
    [InlineData(5, 15.191398743095773)]
    [InlineData(50, 65.13354403445342)]
    public void The_price_of_looking_at_every_step(double x, double price) => Assert.Equal(price, StoppingRule.Excess(x), 1e-9);

    [Fact]
    public void The_threshold_counts_arms_and_outcomes()
    {
        Belief[] two = [IndexRuleTests.Of(0.8, 40), IndexRuleTests.Of(0.5, 20)];
        double expected = 2 * StoppingRule.Excess(Math.Log(1 / 0.05) / 2) + 3 * Math.Log(1 + Math.Log(40)) + 3 * Math.Log(1 + Math.Log(20));
        Assert.Equal(expected, StoppingRule.Evaluate(two, 0.05).Threshold, 1e-12);
        Belief[] many = [two[0], .. Enumerable.Repeat(two[1], 9)];
        double counted = 2 * (StoppingRule.Excess(Math.Log(9 / 0.05) / 2) - StoppingRule.Excess(Math.Log(1 / 0.05) / 2));
        Assert.Equal(expected + counted, StoppingRule.Evaluate(many, 0.05).Threshold, 1e-12);
    }

    [Fact]
    public void Ties_and_untried_arms_leave_the_question_open_and_one_arm_settles_it()
    {
        Assert.False(StoppingRule.Evaluate([IndexRuleTests.Of(0.8, 1e9), IndexRuleTests.Of(0.8, 1e9)], 0.05).IsSettled);
        Assert.False(StoppingRule.Evaluate([IndexRuleTests.Of(0.8, 1e9), IndexRuleTests.Of(0.5, 0)], 0.05).IsSettled);
        Verdict alone = StoppingRule.Evaluate([IndexRuleTests.Of(0.8, 0)], 0.05);
        Assert.True(alone.IsSettled && alone.Best == 0);
        Verdict sure = StoppingRule.Evaluate([IndexRuleTests.Of(0, 1e9), IndexRuleTests.Of(1, 1e9)], 1e-300);
        Assert.True(sure.IsSettled && sure.Best == 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => StoppingRule.Evaluate([IndexRuleTests.Of(0.8, 1)], 0));
    }

    /// <summary>
    /// 400 runs of 400 outcomes among three arms, two of them 0.02 apart, at risk 0.3, with a look after every outcome, played by EB-TC. Were the risk of each run
    /// exactly 0.3, more than 166 wrong answers would come with a chance below 1e-6 (binomial tail, 4.8 deviations).
    /// </summary>
    [Fact]
    public void A_look_at_every_step_is_seldom_wrong()
    {
        int wrong = 0;
        for (ulong run = 0; run < 400; run++)
            if (Play([0.50, 0.52, 0.3], 0.3, 400, run, EbTcPolicy.Policy, out _) is 0 or 2) wrong++;
        Assert.InRange(wrong, 0, 166);
    }

    /// <summary>0.9 against 0.3 twice at risk 0.05: about 60 outcomes of each are decisive; ten times that is never needed in twenty runs.</summary>
    [Fact]
    public void An_easy_question_is_settled_soon()
    {
        foreach (IRoutingPolicy policy in (IRoutingPolicy[])[EbTcPolicy.Policy, TrackAndStopRule.Policy])
        {
            for (ulong run = 0; run < 20; run++)
            {
                Assert.Equal(1, Play([0.3, 0.9, 0.3], 0.05, 1_000, 1_000 + run, policy, out int outcomes));
                Assert.InRange(outcomes, 30, 600);
            }
        }
    }

    [Fact]
    public void An_answer_is_kept_until_the_question_is_opened_again()
    {
        Identification identification = default;
        int[] arms = [4, 7];
        Belief[] open = [IndexRuleTests.Of(0.5, 5), IndexRuleTests.Of(0.6, 5)];
        Belief[] decisive = [IndexRuleTests.Of(0.2, 500), IndexRuleTests.Of(0.9, 500)];
        Belief[] reversed = [IndexRuleTests.Of(0.95, 5000), IndexRuleTests.Of(0.1, 5000)];
        Assert.False(identification.Observe(open, arms, 0.05));
        Assert.Equal((-1, false), (identification.Arm, identification.IsSettled));
        Assert.True(identification.Observe(decisive, arms, 0.05));
        Assert.Equal(7, identification.Arm);
        Assert.True(identification.Observe(reversed, arms, 0.05));
        Assert.True(identification.Observe(open, arms, 0.05));
        Assert.Equal(7, identification.Arm);
        identification.Reopen();
        Assert.Equal((-1, false), (identification.Arm, identification.IsSettled));
        Assert.False(identification.Observe(open, arms, 0.05));
        Assert.True(identification.Observe(reversed, arms, 0.05));
        Assert.Equal(4, identification.Arm);
    }

    /// <summary>Plays until the question is settled; the arm named, or -1.</summary>
    private static int Play(double[] means, double delta, int horizon, ulong run, IRoutingPolicy policy, out int outcomes)
    {
        int[] arms = [.. Enumerable.Range(0, means.Length)];
        var beliefs = new Belief[means.Length];
        double[] sums = new double[means.Length], counts = new double[means.Length];
        Array.Fill(beliefs, IndexRuleTests.Of(0.5, 0));
        Identification identification = default;
        RandomStream random = Given.Random(run * 1_000_003);
        for (outcomes = 0; outcomes < horizon && !identification.Observe(beliefs, arms, delta); outcomes++)
        {
            int arm = policy.Choose(new Choices(beliefs, arms, outcomes), ref random);
            sums[arm] += random.NextUnit() < means[arm] ? 1 : 0;
            beliefs[arm] = IndexRuleTests.Of(sums[arm] / ++counts[arm], counts[arm]);
        }

        return identification.Arm;
    }

    private static double Kl(double p, double q) => p * Math.Log(p / q) + (1 - p) * Math.Log((1 - p) / (1 - q));
}
