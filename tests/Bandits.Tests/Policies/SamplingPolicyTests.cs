using Bandits.Numerics;
using Bandits.Policies;

namespace Bandits.Tests.Policies;

/// <summary>Probabilities of the sampling policies, worked out apart from this code.</summary>
public sealed class SamplingPolicyTests
{
    private static readonly Belief[] Three = [IndexRuleTests.Of(0.8, 20), IndexRuleTests.Of(0.5, 10), IndexRuleTests.Of(0.8, 5)];

    [Fact]
    public void Epsilon_greedy_mixes_the_leaders_with_all() =>
        Assert.Equal([0.1 / 3 + 0.45, 0.1 / 3, 0.1 / 3 + 0.45], Pmf(EpsilonGreedyPolicy.Policy, Three), Close);

    [Fact]
    public void Epsilon_greedy_follows_evidence_not_prior()
    {
        // one success beside 8 of 10: the prior Beta(1, 1) would put the second arm first
        double[] pmf = Pmf(EpsilonGreedyPolicy.Policy, [IndexRuleTests.Of(1, 1), IndexRuleTests.Of(0.8, 10)]);
        Assert.Equal([0.95, 0.05], pmf, Close);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(165, 1)]
    [InlineData(1665, 0.1000400160064)] // 3 x 5 / 0.09 / 1666
    public void The_share_of_decaying_epsilon_greedy_falls_as_one_in_t(double round, double epsilon) =>
        Assert.Equal(epsilon / 3, Pmf(DecayingEpsilonGreedyPolicy.Policy, Three, round)[1], 1e-9);

    [Fact]
    public void Maillard_weighs_by_the_squared_gap()
    {
        double weight = Math.Exp(-2 * 10 * 0.09);
        Assert.Equal([1 / (2 + weight), weight / (2 + weight), 1 / (2 + weight)], Pmf(MaillardPolicy.SubGaussian, Three), Close);
    }

    [Fact]
    public void Kl_maillard_weighs_by_relative_entropy()
    {
        double weight = Math.Exp(-10 * (0.5 * Math.Log(0.5 / 0.8) + 0.5 * Math.Log(0.5 / 0.2)));
        Assert.Equal([1 / (2 + weight), weight / (2 + weight), 1 / (2 + weight)], Pmf(MaillardPolicy.Kl, Three), Close);
    }

    /// <summary>Arms of unlike evidence, so of unlike scales; 200,000 draws each, false alarm 1e-7 an arm.</summary>
    [Theory]
    [InlineData("boltzmann-gumbel")]
    [InlineData("maillard")]
    [InlineData("maillard-kl")]
    public void Choices_are_drawn_from_the_law_that_is_stated(string name)
    {
        const int Draws = 200_000;
        IRoutingPolicy policy = name switch { "maillard" => MaillardPolicy.SubGaussian, "maillard-kl" => MaillardPolicy.Kl, _ => BoltzmannGumbelPolicy.Instance };
        Belief[] arms = [IndexRuleTests.Of(0.8, 40), IndexRuleTests.Of(0.6, 3), IndexRuleTests.Of(0.75, 12), IndexRuleTests.Of(0.7, 8) with { Pending = 2 }];
        double[] pmf = Pmf(policy, arms);
        int[] counts = new int[arms.Length];
        for (ulong i = 0; i < Draws; i++)
        {
            var random = new RandomStream(11, i, StreamPurpose.Policy);
            counts[policy.Choose(new Choices(arms, [0, 1, 2, 3], 63), ref random)]++;
        }

        Assert.All(pmf, p => Assert.InRange(p, 0.001, 0.95));
        for (int i = 0; i < arms.Length; i++)
            Assert.InRange((double)counts[i] / Draws, pmf[i] - 5.33 * Math.Sqrt(pmf[i] * (1 - pmf[i]) / Draws), pmf[i] + 5.33 * Math.Sqrt(pmf[i] * (1 - pmf[i]) / Draws));
    }

    [Fact]
    public void Maillard_takes_the_gap_in_utility()
    {
        // 0.5 q + 0.2 reaches 0.8 only at q = 1.2; 2 q - 1 at 0.9
        Belief[] arms = [IndexRuleTests.Of(0.8, 9), IndexRuleTests.Of(0.9, 9, 0.5, 0.2), IndexRuleTests.Of(0.5, 9, 2, -1), IndexRuleTests.Of(0.5, 9, 0, 0.7)];
        double weight = Math.Exp(-2 * 9 * 0.16);
        Assert.Equal([1 / (1 + weight), 0, weight / (1 + weight), 0], Pmf(MaillardPolicy.SubGaussian, arms), Close);
    }

    [Fact]
    public void Eb_tc_plays_the_leader_and_the_arm_that_most_nearly_equals_it()
    {
        Belief[] arms = [IndexRuleTests.Of(0.8, 40), IndexRuleTests.Of(0.5, 20), IndexRuleTests.Of(0.6, 400), IndexRuleTests.Of(0.7, 200)];
        Assert.Equal([0.5, 0, 0, 0.5], Pmf(EbTcPolicy.Policy, arms), Close);
        Assert.Equal([0.3, 0.7, 0], Pmf(new EbTcPolicy(0.3, isPenalised: true), [arms[0], arms[1], arms[2]]), Close);
    }

    [Fact]
    public void Untried_arms_come_first()
    {
        Belief[] arms = [.. Three, IndexRuleTests.Of(0.5, 0), IndexRuleTests.Of(0.2, 0)];
        foreach (IRoutingPolicy policy in (IRoutingPolicy[])[MaillardPolicy.Kl, MaillardPolicy.SubGaussian, EbTcPolicy.Policy, TrackAndStopRule.Policy, Ucb1Rule.Policy, ImedRule.Policy])
            Assert.Equal([0, 0, 0, 0.5, 0.5], Pmf(policy, arms), Close);
    }

    [Fact]
    public void Extremes_have_a_law()
    {
        double[] means = [0, 1e-12, 0.5, 1], counts = [0.25, 1, 1e9], scales = [0, 0.5, 2];
        IRoutingPolicy[] policies =
        [
            MaillardPolicy.Kl, MaillardPolicy.SubGaussian, EbTcPolicy.Policy, new EbTcPolicy(0.5, true), TrackAndStopRule.Policy,
            EpsilonGreedyPolicy.Policy, DecayingEpsilonGreedyPolicy.Policy, KlUcbRule.Policy, KlUcbPlusPlusRule.Policy, ImedRule.Policy, BayesUcbRule.Policy,
        ];
        Belief[] all = [.. from mean in means from n in counts from scale in scales from shift in (double[])[0, -0.4] select IndexRuleTests.Of(mean, n, scale, shift)];
        foreach (IRoutingPolicy policy in policies)
        {
            foreach (Belief one in all)
            {
                foreach (Belief other in all) IsLaw(Pmf(policy, [one, other]));
                IsLaw(Pmf(policy, [one]));
            }

            IsLaw(Pmf(policy, all));
        }

        static void IsLaw(double[] pmf)
        {
            Assert.All(pmf, p => Assert.InRange(p, 0, 1));
            Assert.Equal(1, pmf.Sum(), 1e-12);
        }
    }

    internal static double[] Pmf(IRoutingPolicy policy, Belief[] beliefs, double round = 1_000)
    {
        var pmf = new double[beliefs.Length];
        Assert.True(policy.TryGetPmf(new Choices(beliefs, [.. Enumerable.Range(0, beliefs.Length)], round), pmf));
        return pmf;
    }

    private static bool Close(double x, double y) => Math.Abs(x - y) < 1e-12;
}
