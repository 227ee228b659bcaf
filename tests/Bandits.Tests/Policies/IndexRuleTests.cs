using Bandits.Policies;
using Bandits.Statistics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Policies;

/// <summary>Each index against digits worked out apart from this code, at x = 3/4, n = 8, t = 100 among 4 arms, and what all indices have in common.</summary>
public sealed class IndexRuleTests
{
    private const double Exact = 1e-12;

    /// <summary>Held where means are compared: UCB-V may well prefer the lower mean of higher variance.</summary>
    private const double Variance = 0.04;

    private static readonly Belief Arm = Of(0.75, 8);

    public static TheoryData<string> Names => [.. Indices.Keys];

    /// <summary>Indices of an arm beside three others of sample mean 0.9, by name of the rule.</summary>
    private static Dictionary<string, Func<Belief, double, double>> Indices => new()
    {
        ["ucb1"] = (belief, t) => Index<Ucb1Rule, double>(default, belief, t),
        ["ucb-v"] = (belief, t) => Index<UcbVRule, double>(new UcbVRule(), belief, t),
        ["moss"] = (belief, t) => Index<MossRule, double>(new MossRule(), belief, t),
        ["kl-ucb"] = (belief, t) => Index<KlUcbRule, double>(default, belief, t),
        ["kl-ucb+"] = (belief, t) => Index<KlUcbPlusRule, double>(default, belief, t),
        ["kl-ucb++"] = (belief, t) => Index<KlUcbPlusPlusRule, double>(default, belief, t),
        ["kl-moss"] = (belief, t) => Index<KlMossRule, double>(default, belief, t),
        ["imed"] = (belief, t) => Index<ImedRule, double>(default, belief, t),
        ["bayes-ucb"] = (belief, t) => Index<BayesUcbRule, double>(default, belief, t),
    };

    [Fact]
    public void Ucb1_is_mean_plus_root_of_two_log_t_over_n() => Assert.Equal(1.8229830131446736, Indices["ucb1"](Arm, 100), Exact);

    [Fact]
    public void Ucb_v_reads_the_variance() => Assert.Equal(3.194018802579625, Indices["ucb-v"](Arm with { SampleVariance = 0.1 }, 100), Exact);

    [Fact]
    public void Ucb_v_takes_parameters_of_ones_own()
    {
        Assert.Equal(2.9567914109643425, Index<UcbVRule, double>(new UcbVRule(2, 0.5), Arm with { SampleVariance = 0.1 }, 100), Exact);
        Assert.Equal(1.2298525912188083, Index<UcbVRule, double>(new UcbVRule(2, 0), Arm with { SampleVariance = 0.1 }, 100), Exact);
    }

    [Fact]
    public void Moss_takes_the_share_of_the_rounds()
    {
        Assert.Equal(1.1273980463629159, Indices["moss"](Arm, 100), Exact);
        Assert.Equal(1.1590897338522335, Index<MossRule, double>(new MossRule(1.35), Arm, 100), Exact);
        Assert.Equal(0.75, Indices["moss"](Arm, 32), Exact);
    }

    /// <summary>Beta(3, 1): mean 3/4, variance 3/80; 6 pending outcomes widen its mass of 4 to 10. Student: spread^2 5/3 = variance.</summary>
    [Fact]
    public void Lin_ucb_is_mean_plus_deviations_of_belief()
    {
        var belief = new Belief(3, 1, 2, -0.1, 2);
        Assert.Equal(1.4 + 2 * Math.Sqrt(3.0 / 80), Index<LinUcbRule, double>(new LinUcbRule(), belief, 9), Exact);
        Assert.Equal(1.9, Index<LinUcbRule, double>(new LinUcbRule(3), belief, 9), Exact); // what a quality of 1 is worth
        Assert.Equal(1.4 + 2 * Math.Sqrt(3.0 / 80) * Math.Sqrt(0.25 + 0.5 * Math.Log(3.75)), Index<LinUcbRule, double>(new LinUcbRule(0.5, 0.5), belief, 300), Exact); // 2 of 300 plays among 4 arms
        Assert.Equal(1.4 + Math.Sqrt(3.0 / 80), Index<LinUcbRule, double>(new LinUcbRule(0.5, 0.5), belief, 80), Exact); // a tenth of its even share
        Assert.Equal(1.4 + 2 * Math.Sqrt(3.0 / 80 * 4 / 10), Index<LinUcbRule, double>(new LinUcbRule(), belief with { Pending = 6 }, 9), Exact);
        Assert.Equal(0.6 + 0.1 * Math.Sqrt(5.0 / 3), Index<LinUcbRule, double>(new LinUcbRule(), Belief.Student(0.6, 0.1, 5, 1, 0, 8), 9), Exact);
        Assert.Equal(1, Index<LinUcbRule, double>(new LinUcbRule(), Belief.Student(0.6, 0.1, 2, 1, 0, 8), 9));
        Assert.Equal(0.6, Index<LinUcbRule, double>(new LinUcbRule(0), Belief.Student(0.6, 0.1, 2, 1, 0, 8), 9), Exact);
        Assert.Equal(-0.3, Index<LinUcbRule, double>(new LinUcbRule(), Belief.Student(0.6, 0.1, 2, 0, -0.3, 8), 9));
        foreach (double bad in (double[])[-1, double.NaN, double.PositiveInfinity]) Assert.Throws<ArgumentOutOfRangeException>(() => new LinUcbRule(bad));
    }

    [Fact]
    public void Kl_ucb_spends_log_t()
    {
        Assert.Equal(0.9891006048860012, Indices["kl-ucb"](Arm, 100), Exact);
        Assert.Equal(0.9989293415158401, Index<KlUcbRule, double>(new KlUcbRule(3), Arm, 100), Exact);
    }

    [Fact]
    public void Kl_ucb_plus_spends_log_of_t_over_n()
    {
        Assert.Equal(0.9670105431775298, Indices["kl-ucb+"](Arm, 100), Exact);
        Assert.Equal(0.75, Indices["kl-ucb+"](Arm, 5), Exact);
    }

    [Fact]
    public void Kl_ucb_plus_plus_spends_by_the_share_of_the_rounds()
    {
        Assert.Equal(0.9547855896217181, Indices["kl-ucb++"](Arm, 100), Exact);
        Assert.Equal(0.75, Indices["kl-ucb++"](Arm, 31), Exact);
    }

    /// <summary>8 outcomes are many at 25 rounds an arm, whose fifth root is 1.9, and few at 100,000, where it is 10; so are 2 at 32, where it is 2.</summary>
    [Fact]
    public void Kl_ucb_switch_takes_the_bound_of_few_outcomes_and_then_that_of_many()
    {
        Assert.Equal(1.1010349488264186, Index<KlUcbSwitchRule, KlUcbSwitchRule.Shares>(default, Arm, 100), Exact);
        Assert.Equal(0.9999005282451956, Index<KlUcbSwitchRule, KlUcbSwitchRule.Shares>(default, Arm, 4e5), Exact);
        Assert.Equal(0.9981981400229238, Index<KlUcbSwitchRule, KlUcbSwitchRule.Shares>(default, Of(0.5, 2), 128), Exact);
        Assert.Equal(1.5750746318080038, Index<KlUcbSwitchRule, KlUcbSwitchRule.Shares>(default, Of(0.5, 2.1), 128), Exact);
        double log = Math.Log(25 / 16.0);
        double waiting = Index<KlUcbSwitchRule, KlUcbSwitchRule.Shares>(default, Arm with { Pending = 8 }, 100);
        Assert.Equal(0.75 + Math.Sqrt((log + Math.Log(1 + log * log)) / 32), waiting, Exact);
        Assert.Equal(0.75, Index<KlUcbSwitchRule, KlUcbSwitchRule.Shares>(default, Arm, 31));
        Assert.Equal(double.PositiveInfinity, Index<KlUcbSwitchRule, KlUcbSwitchRule.Shares>(default, Of(0.5, 0), 128));
    }

    [Fact]
    public void Kl_moss_spends_by_the_share_of_the_rounds()
    {
        Assert.Equal(0.9368448444921599, Indices["kl-moss"](Arm, 100), Exact);
        var rule = default(KlMossRule);
        Assert.Equal(0.8136990686530898, rule.Index(Arm, rule.Prepare(new Choices([.. Enumerable.Repeat(Arm, 12)], [.. Enumerable.Range(0, 12)], 10))), Exact); // 12 are enough at t = 10
    }

    /// <summary>Six arms of twenty are tried: 3 sqrt(t) at t = 4.</summary>
    [Theory]
    [InlineData(4, 0.9, false)]
    [InlineData(4.1, 0.9, true)]
    [InlineData(4, 0.05, true)] // all that were tried fall behind what is assumed of the others
    public void Kl_moss_lets_arms_join_as_time_passes(double t, double tried, bool joins)
    {
        Belief waiting = Of(tried, 0) with { Pending = 50 }; // tried as well
        Belief[] beliefs = [.. Enumerable.Repeat(Of(tried, 50), 5), waiting, .. Enumerable.Repeat(Of(0.5, 0), 14)];
        double[] pmf = new double[20];
        Assert.True(KlMossRule.Policy.TryGetPmf(new Choices(beliefs, [.. Enumerable.Range(0, 20)], t), pmf));
        Assert.Equal(joins ? 1 : 0, pmf[6..].Sum(), Exact);
    }

    [Fact]
    public void A_rule_says_what_its_policy_reads()
    {
        const PolicyTraits Rare = PolicyTraits.Explores | PolicyTraits.CountsPending, Bonus = Rare | PolicyTraits.IndexIsUtility;
        foreach (IRoutingPolicy policy in (IRoutingPolicy[])[Ucb1Rule.Policy, MossRule.Policy, KlUcbRule.Policy, KlUcbPlusRule.Policy, KlUcbPlusPlusRule.Policy,
            KlUcbSwitchRule.Policy, KlMossRule.Policy, BayesUcbRule.Policy, LinUcbRule.Policy]) Assert.Equal(Bonus, policy.Traits);
        foreach (IRoutingPolicy policy in (IRoutingPolicy[])[ImedRule.Policy, TrackAndStopRule.Policy]) Assert.Equal(Rare, policy.Traits);
        Assert.Equal(Bonus | PolicyTraits.UsesVariance, UcbVRule.Policy.Traits);
        Assert.Equal(PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.IndexIsUtility, SampleMeanRule.Policy.Traits);
    }

    [Fact]
    public void Imed_weighs_contradiction_and_rarity()
    {
        Assert.Equal(-2.818093664664418, Indices["imed"](Arm, 100), Exact);
        Assert.Equal(-Math.Log(8), Indices["imed"](Of(0.9, 8), 100), Exact);
        Assert.Equal(double.NegativeInfinity, Index<ImedRule, double>(default, Of(0.5, 8), 100, Of(1, 8)));
    }

    [Fact]
    public void Imed_carries_the_highest_utility_back_to_each_arms_quality()
    {
        // 2 q - 1 reaches 0.5 at q = 3/4, 0.4 q only at 1.25
        Belief best = Of(0.5, 10), stretched = Of(0.5, 4, 2, -1), small = Of(0.5, 4, 0.4);
        double kl = 0.5 * Math.Log(0.5 / 0.75) + 0.5 * Math.Log(0.5 / 0.25);
        Assert.Equal(-(4 * kl + Math.Log(4)), Index<ImedRule, double>(default, stretched, 100, best), Exact);
        Assert.Equal(double.NegativeInfinity, Index<ImedRule, double>(default, small, 100, best));
    }

    /// <summary>Quantiles of Beta(7, 3) and, with ten decisions pending, Beta(14, 6) at tail 1/101 by the binomial sum; of Student with 5 degrees by its closed form.</summary>
    [Fact]
    public void Bayes_ucb_is_the_quantile_at_one_in_t()
    {
        Assert.Equal(0.9468441559000136, Indices["bayes-ucb"](Arm, 100), 1e-9);
        Assert.Equal(0.8970022136843022, Indices["bayes-ucb"](Arm with { Pending = 10 }, 100), 1e-9);
        Assert.Equal(0.9374055630583832, Indices["bayes-ucb"](Belief.Student(0.6, 0.1, 5, 1, 0, 8), 100), 1e-9);
        Assert.Equal(0.6, Indices["bayes-ucb"](Belief.Student(0.6, 0.1, 5, 1, 0, 8), 1), 1e-12);
        Assert.Equal(0, Indices["bayes-ucb"](Arm, 0));
        Assert.Equal(0.6 - 0.1 * MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, 1e-9), Indices["bayes-ucb"](Belief.Student(0.6, 0.1, double.PositiveInfinity, 1, 0, 8), 1e9 - 1), 1e-9);
    }

    /// <summary>Round t asks for tail 1/(t + 1): of rounds 1/4 and 4 the tails are 0.8 and 0.2, opposite sides of the centre.</summary>
    [Fact]
    public void Bayes_ucb_of_a_student_law_is_symmetric_and_narrows_while_decisions_wait()
    {
        Belief student = Belief.Student(0.6, 0.1, 5, 1, 0, 8);
        double above = Indices["bayes-ucb"](student, 4);
        Assert.InRange(above, 0.65, 0.75);
        Assert.Equal(1.2 - above, Indices["bayes-ucb"](student, 0.25), Exact);
        Assert.Equal(double.NegativeInfinity, Indices["bayes-ucb"](student, 0));
        Belief waiting = student with { Pending = 3 * (student.Alpha + student.Beta) };
        Assert.Equal(0.6 + (above - 0.6) / 2, Indices["bayes-ucb"](waiting, 4), Exact);
    }

    [Fact]
    public void The_tail_of_bayes_ucb_does_not_round_away() =>
        Assert.True(Indices["bayes-ucb"](Of(0.5, 1000), 1e17) < Indices["bayes-ucb"](Of(0.5, 1000), 1e19));

    [Theory]
    [MemberData(nameof(Names))]
    public void An_index_grows_with_the_mean(string name)
    {
        foreach (double n in (double[])[2, 30, 5000])
        {
            foreach (double t in (double[])[10, 1e4, 1e6])
            {
                double before = double.NegativeInfinity;
                for (double mean = 0; mean <= 0.95; mean += 0.05)
                {
                    double index = Indices[name](Of(mean, n) with { SampleVariance = Variance }, t);
                    Assert.True(index >= before, $"mean {mean}, n {n}, t {t}: {index} after {before}");
                    if (index < 0.999999) Assert.True(index > before);
                    before = index;
                }
            }
        }
    }

    /// <summary>SMPyBandits solved to an absolute 1e-6 and had these two the other way round.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Few_outcomes_and_late_rounds_do_not_invert_ranks(string name) =>
        Assert.True(Indices[name](Of(0.70, 2) with { SampleVariance = Variance }, 1e6) < Indices[name](Of(0.95, 2) with { SampleVariance = Variance }, 1e6));

    [Theory]
    [MemberData(nameof(Names))]
    public void An_index_never_falls_with_time_nor_rises_with_evidence(string name)
    {
        foreach (double mean in (double[])[0.1, 0.5, 0.8])
        {
            double[] times = [1, 50, 100, 1e4, 1e8];
            for (int i = 1; i < times.Length; i++) Assert.True(Indices[name](Of(mean, 20), times[i]) >= Indices[name](Of(mean, 20), times[i - 1]));
            if (name != "imed") Assert.True(Indices[name](Of(mean, 20), 1e8) > Indices[name](Of(mean, 20), 100));
            double[] counts = [1, 2, 10, 100, 1e5, 1e9];
            for (int i = 1; i < counts.Length; i++)
            {
                double less = Indices[name](Prior(mean, counts[i - 1]), 1e10), more = Indices[name](Prior(mean, counts[i]), 1e10);
                Assert.True(more < less || (less == 1 && more == 1), $"mean {mean}, n {counts[i]}: {more} after {less}");
            }
        }

        // the prior's mass in proportion, so that only the weight of the evidence changes
        static Belief Prior(double mean, double n) => new Belief(mean * n, (1 - mean) * n, 1, 0, n) { SampleMean = mean };
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pending_decisions_narrow_the_bonus_and_leave_the_mean(string name)
    {
        Belief waiting = Arm with { Pending = 8 };
        Assert.True(Indices[name](waiting, 1e4) < Indices[name](Arm, 1e4));
        if (name == "imed") Assert.Equal(-(16 * (0.75 * Math.Log(0.75 / 0.9) + 0.25 * Math.Log(2.5)) + Math.Log(16)), Indices[name](waiting, 1e4), Exact);
        else Assert.InRange(Indices[name](Arm with { Pending = 1e12 }, 1e4), 0.7 - 1e-9, 0.751); // Bayes-UCB: the posterior mean, 0.7
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_first_outcome_counts(string name)
    {
        Belief none = new Belief(1, 1, 1, 0, 0) { SampleMean = 0.5 }, bad = Of(0, 1), good = Of(1, 1);
        double untried = Indices[name](none, 10);
        if (name != "bayes-ucb") Assert.Equal(double.PositiveInfinity, untried);
        Assert.True(Indices[name](bad, 10) < untried);
        Assert.True(Indices[name](bad, 10) < Indices[name](good, 10));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Extremes_have_an_index(string name)
    {
        foreach (double n in (double[])[0, 1e-300, 1e-9, 0.5, 1, 1e9])
        {
            foreach (double mean in (double[])[0, 1e-12, 0.5, 1 - 1e-12, 1])
            {
                foreach (double pending in (double[])[0, 1, 1e9])
                {
                    foreach (double t in (double[])[0, 0.5, 1, 1e9])
                    {
                        foreach (double scale in (double[])[0, 0.5, 1e6])
                        {
                            double index = Indices[name](Of(mean, n, scale, -0.25) with { Pending = pending }, t);
                            Assert.False(double.IsNaN(index), $"n {n}, mean {mean}, pending {pending}, t {t}, scale {scale}");
                            if (scale == 0 && name != "imed") Assert.Equal(-0.25, index);
                        }
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Scale_and_shift_carry_the_bound(string name)
    {
        if (name == "imed") return; // has its own test
        double bare = Indices[name](Arm, 100);
        Assert.Equal(3 * bare - 0.5, Indices[name](Of(0.75, 8, 3, -0.5), 100), 1e-9);
    }

    [Fact]
    public void Impossible_parameters_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new UcbVRule(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UcbVRule(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UcbVRule(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MossRule(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MossRule(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KlUcbRule(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EpsilonGreedyPolicy(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecayingEpsilonGreedyPolicy(5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecayingEpsilonGreedyPolicy(0, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EbTcPolicy(1, false));
    }

    /// <summary>An arm of so many outcomes under the prior Beta(1, 1).</summary>
    internal static Belief Of(double mean, double n, double scale = 1, double shift = 0) =>
        new Belief(1 + mean * n, 1 + (1 - mean) * n, scale, shift, n) { SampleMean = mean, SampleVariance = mean * (1 - mean) };

    private static double Index<TRule, TRound>(TRule rule, Belief belief, double t, Belief? other = null)
        where TRule : struct, IIndexRule<TRound>
        where TRound : struct
    {
        Belief beside = other ?? Of(0.9, 8);
        return rule.Index(belief, rule.Prepare(new Choices([belief, beside, beside, beside], [0, 1, 2, 3], t)));
    }
}
