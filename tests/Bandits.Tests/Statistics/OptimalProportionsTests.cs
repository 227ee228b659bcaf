using Bandits.Statistics;
using Bandits.Tests.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests.Statistics;

public sealed class OptimalProportionsTests
{
    /// <summary>The two examples of Garivier and Kaufmann (2016), section 6, as printed.</summary>
    [Theory]
    [InlineData(new[] { 0.5, 0.45, 0.43, 0.4 }, new[] { 0.42, 0.39, 0.14, 0.06 })]
    [InlineData(new[] { 0.3, 0.21, 0.2, 0.19, 0.18 }, new[] { 0.34, 0.25, 0.18, 0.13, 0.10 })]
    public void Shares_are_those_of_the_paper(double[] means, double[] shares)
    {
        Belief[] arms = [.. means.Select(mean => IndexRuleTests.Of(mean, 10))];
        OptimalProportions solved = OptimalProportions.Solve(arms);
        for (int i = 0; i < arms.Length; i++) Assert.Equal(shares[i], solved.Of(arms[i]), 0.0051);
        Assert.Equal(1, arms.Sum(arm => solved.Of(arm)), 1e-9);
    }

    /// <summary>At the best shares all challengers are equally far from being the best, and no small change of the shares is better.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1.7, -0.3)]
    public void No_other_shares_do_better(double scale, double shift)
    {
        Belief[] arms = [IndexRuleTests.Of(0.8, 1), IndexRuleTests.Of(0.6, 1, scale, shift), IndexRuleTests.Of(0.5, 1), IndexRuleTests.Of(0.3, 1, 1.2)];
        OptimalProportions solved = OptimalProportions.Solve(arms);
        double[] shares = [.. arms.Select(arm => solved.Of(arm))];
        Assert.Equal(1, shares.Sum(), 1e-9);
        double[] costs = [.. Enumerable.Range(1, 3).Select(i => Cost(shares, i))];
        foreach (double cost in costs) Assert.Equal(costs[0], cost, 1e-6 * costs[0]);
        for (int from = 0; from < 4; from++)
        {
            for (int to = 0; to < 4; to++)
            {
                if (from == to) continue;
                double[] other = [.. shares];
                (other[from], other[to]) = (other[from] - 0.01, other[to] + 0.01);
                if (other[from] > 0) Assert.True(Enumerable.Range(1, 3).Min(i => Cost(other, i)) < costs[0]);
            }
        }

        double Cost(double[] weights, int i) => TransportationCost.Of(Weighted(0, weights), Weighted(i, weights));
        Belief Weighted(int i, double[] weights) => IndexRuleTests.Of(arms[i].SampleMean, weights[i], arms[i].Scale, arms[i].Shift);
    }

    /// <summary>The same for arms of any scale and shift, means near the ends and close together; an arm that cannot become the best gets nothing.</summary>
    [Fact]
    public void Challengers_are_equally_far_whatever_the_arms()
    {
        int tried = 0;
        for (ulong seed = 0; seed < 400; seed++)
        {
            var random = Given.Random(seed);
            int count = 2 + random.NextBelow(5);
            Belief[] arms = [.. Enumerable.Range(0, count).Select(_ => IndexRuleTests.Of(
                random.NextBelow(5) switch { 0 => 0.01, 1 => 0.99, 2 => 0.5 + 0.01 * random.NextUnit(), _ => random.NextUnit() }, 1, 0.25 + 2 * random.NextUnit(), random.NextUnit() - 0.5))];
            double[] utilities = [.. arms.Select(static arm => arm.UtilityOf(arm.SampleMean))];
            int best = Array.IndexOf(utilities, utilities.Max());
            if (utilities.Any(utility => utility < arms[best].Shift)) continue; // no shares are promised there
            tried++;
            OptimalProportions solved = OptimalProportions.Solve(arms);
            double[] shares = [.. arms.Select(arm => solved.Of(arm))];
            int[] rivals = [.. Enumerable.Range(0, count).Where(i => i != best)];
            Assert.Equal(1, shares.Sum(), 1e-9);
            double[] costs = [.. rivals.Select(i => Cost(shares, i))];
            double least = costs.Min();
            for (int i = 0; i < rivals.Length; i++)
                Assert.True(shares[rivals[i]] < 1e-5 || costs[i] < least * 1.0001, $"seed {seed}: arm {rivals[i]} has {costs[i]} where {least} is the least");
            for (int from = 0; from < count; from++)
            {
                for (int to = 0; to < count; to++)
                {
                    double moved = 0.02 * shares[from];
                    if (from == to || moved < 1e-6) continue;
                    double[] other = [.. shares];
                    (other[from], other[to]) = (other[from] - moved, other[to] + moved);
                    Assert.True(rivals.Min(i => Cost(other, i)) <= least * 1.001, $"seed {seed}: less of {from} and more of {to} is better");
                }
            }

            double Cost(double[] weights, int i) => TransportationCost.Of(Weighted(best, weights), Weighted(i, weights));
            Belief Weighted(int i, double[] weights) => IndexRuleTests.Of(arms[i].SampleMean, Math.Max(1e-6, weights[i]), arms[i].Scale, arms[i].Shift);
        }

        Assert.InRange(tried, 150, 400);
    }

    [Fact]
    public void Beside_a_best_arm_that_is_certain_the_others_share_by_their_distance()
    {
        Belief certain = IndexRuleTests.Of(0.5, 9, 0, 0.7), near = IndexRuleTests.Of(0.6, 9), far = IndexRuleTests.Of(0.2, 9), hopeless = IndexRuleTests.Of(0.6, 9, 0.5);
        OptimalProportions solved = OptimalProportions.Solve([certain, near, far, hopeless]);
        double ofNear = 1 / Kl(0.6, 0.7), ofFar = 1 / Kl(0.2, 0.7);
        Assert.Equal((0, 0), (solved.Of(certain), solved.Of(hopeless)));
        Assert.Equal(ofNear / (ofNear + ofFar), solved.Of(near), 1e-12);
        Assert.Equal(ofFar / (ofNear + ofFar), solved.Of(far), 1e-12);
        OptimalProportions alone = OptimalProportions.Solve([certain, hopeless]);
        Assert.Equal((1, 0), (alone.Of(certain), alone.Of(hopeless)));

        static double Kl(double p, double q) => p * Math.Log(p / q) + (1 - p) * Math.Log((1 - p) / (1 - q));
    }

    [Fact]
    public void Tied_best_arms_share_and_an_arm_that_cannot_win_gets_nothing()
    {
        Belief best = IndexRuleTests.Of(0.8, 9), other = IndexRuleTests.Of(0.4, 9), hopeless = IndexRuleTests.Of(0.4, 9, 0.1);
        OptimalProportions tied = OptimalProportions.Solve([best, best, other]);
        Assert.Equal((0.5, 0.0), (tied.Of(best), tied.Of(other)));
        OptimalProportions solved = OptimalProportions.Solve([IndexRuleTests.Of(0.8, 9, 1, 0.2), other, hopeless]);
        Assert.Equal(0, solved.Of(hopeless));
        Assert.InRange(solved.Of(other), 0.01, 0.99);
    }

    [Fact]
    public void Tracking_forces_neglected_arms_and_else_plays_the_arm_most_behind()
    {
        // 400 plays: an arm below sqrt(400) - 3/2 = 18.5 is forced
        Belief[] neglected = [IndexRuleTests.Of(0.8, 200), IndexRuleTests.Of(0.6, 182), IndexRuleTests.Of(0.1, 18)];
        Assert.Equal([0, 0, 1], SamplingPolicyTests.Pmf(Bandits.Policies.TrackAndStopRule.Policy, neglected));
        Belief[] behind = [IndexRuleTests.Of(0.8, 100), IndexRuleTests.Of(0.6, 281), IndexRuleTests.Of(0.1, 30)];
        Assert.Equal([1, 0, 0], SamplingPolicyTests.Pmf(Bandits.Policies.TrackAndStopRule.Policy, behind));
        Belief[] first = [IndexRuleTests.Of(1, 1), IndexRuleTests.Of(0.5, 0), IndexRuleTests.Of(0.5, 0)];
        Assert.Equal([0, 0.5, 0.5], SamplingPolicyTests.Pmf(Bandits.Policies.TrackAndStopRule.Policy, first));
        first[1] = first[1] with { Pending = 1 };
        Assert.Equal([0, 0, 1], SamplingPolicyTests.Pmf(Bandits.Policies.TrackAndStopRule.Policy, first));
        Belief[] justEnough = [IndexRuleTests.Of(0.8, 10), IndexRuleTests.Of(0.6, 363), IndexRuleTests.Of(0.1, 18.5)];
        justEnough[0] = justEnough[0] with { Pending = 8.5 };
        Assert.Equal([1, 0, 0], SamplingPolicyTests.Pmf(Bandits.Policies.TrackAndStopRule.Policy, justEnough));
        behind[0] = behind[0] with { Pending = 400 };
        Assert.Equal([0, 1, 0], SamplingPolicyTests.Pmf(Bandits.Policies.TrackAndStopRule.Policy, behind));
    }
}
