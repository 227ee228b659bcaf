using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests.Policies;

public sealed class ExploreThenCommitPolicyTests
{
    private static readonly ExploreThenCommitPolicy Policy = new(5);

    [Fact]
    public void Each_arm_is_tried_as_often_as_told_and_then_one_is_kept()
    {
        var played = new Played(Policy, 3, Objective.Quality);
        var tried = new int[3];
        for (int i = 0; i < 15; i++) tried[played.Step(0, 1, 0)]++;
        Assert.Equal([5, 5, 5], tried);
        for (int i = 0; i < 200; i++) Assert.Equal(1, played.Step(1, 0, 1)); // for good, although it fails from now on
    }

    [Fact]
    public void While_exploring_the_arms_with_fewest_outcomes_share()
    {
        var played = new Played(Policy, 3, Objective.Quality);
        Assert.All(played.Pmf(), p => Assert.Equal(1.0 / 3, p, 1e-15));
        played.Learn(1, 1);
        Assert.Equal([0.5, 0, 0.5], played.Pmf());
    }

    [Fact]
    public void Without_the_arm_committed_to_the_next_best_stands_in()
    {
        Played played = Committed(0.2, 0.8, 0.6);
        Assert.Equal([0, 1, 0], played.Pmf());
        Assert.Equal([0.0, 1], played.Pmf(0, 2));
        Assert.Equal([0, 1, 0], played.Pmf());
    }

    [Fact]
    public void Arms_that_tie_exactly_share_the_commitment()
    {
        Played played = Committed(0.2, 0.8, 0.8);
        Assert.Equal([0, 0.5, 0.5], played.Pmf());
        var counts = new long[3];
        RandomStream random = Given.Random(3);
        for (int i = 0; i < 20_000; i++) counts[Policy.Choose(played.ChoicesOf(0, 1, 2), ref random)]++;
        Goodness.Fits(counts, played.Pmf());
    }

    [Fact]
    public void An_arm_that_joins_is_tried_first()
    {
        Played played = Committed(0.2, 0.8, 0.6);
        played.AddArm();
        for (int i = 0; i < 5; i++) Assert.Equal(3, played.Step(0, 0, 0, 1));
        Assert.Equal([0, 0, 0, 1], played.Pmf());
    }

    [Fact]
    public void The_mean_is_of_utility()
    {
        var played = new Played(Policy, 2, new Objective(1, 1, 0.1));
        for (int i = 0; i < 5; i++)
        {
            played.Learn(0, 0.9, 1, costUsd: 0.5, latencySeconds: 1); // 0.3
            played.Learn(1, 0.8, 1, costUsd: 0.1, latencySeconds: 3); // 0.4
        }

        Assert.Equal([0, 1], played.Pmf());
        played.Objective = new Objective(1, 0, 0.1);
        Assert.Equal([1, 0], played.Pmf());
    }

    [Fact]
    public void An_outcome_cannot_be_taken_back()
    {
        Played played = Committed(0.2, 0.8);
        double[] before = [.. played.State];
        Assert.False(Policy.TryRetract(played.State, played.FeedbackOf(0, 0.2, 1)));
        Assert.Equal(before, played.State);
    }

    [Fact]
    public void A_damaged_arm_is_tried_again()
    {
        for (int i = 0; i < 4; i++)
        {
            foreach (double wrong in (double[])[double.NaN, -1, double.PositiveInfinity])
            {
                Played played = Committed(0.2, 0.8);
                played.State[4 + i] = wrong;
                Assert.Equal([0, 1], played.Pmf());
                for (int step = 0; step < 5; step++) Assert.Equal(1, played.Step(0, 0));
                Assert.Equal([1, 0], played.Pmf());
            }
        }
    }

    [Fact]
    public void No_trials_at_all_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new ExploreThenCommitPolicy(0));

    private static Played Committed(params double[] qualities)
    {
        var played = new Played(Policy, qualities.Length, Objective.Quality);
        for (int i = 0; i < 5; i++) for (int arm = 0; arm < qualities.Length; arm++) played.Learn(arm, qualities[arm]);
        return played;
    }
}
