using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests.Policies;

/// <summary>What Tsallis-INF and EXP3-IX share: losses kept by component, over a declared range, for arms that come and go.</summary>
public sealed class AdversarialPolicyTests
{
    private static readonly Objective Mixed = new(2, 0.5, 0.01);

    public static TheoryData<IStatefulPolicy> Policies => [new TsallisInfPolicy(1, 10), new Exp3IxPolicy(1, 10)];

    [Theory]
    [MemberData(nameof(Policies))]
    public void The_better_arm_is_preferred_and_losses_not_quality_decide(IStatefulPolicy policy)
    {
        var played = new Played(policy, 3, Mixed);
        for (int i = 0; i < 500; i++) played.Step(0.2, 0.9, 0.2);
        double[] pmf = played.Pmf();
        Assert.True(pmf[1] > 0.5, $"The best arm has probability {pmf[1]}.");
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Draws_follow_the_probabilities_of_a_learnt_state(IStatefulPolicy policy)
    {
        var played = new Played(policy, 4, Mixed);
        for (int i = 0; i < 60; i++) played.Step(0.3, 0.5, 0.6, 0.1);
        int[] eligible = [3, 1, 2];
        var counts = new long[3];
        RandomStream random = Given.Random(5);
        for (int i = 0; i < 40_000; i++) counts[policy.Choose(played.ChoicesOf(eligible), ref random)]++;
        Goodness.Fits(counts, played.Pmf(eligible));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Relabelling_eligible_arms_permutes_the_probabilities(IStatefulPolicy policy)
    {
        var played = new Played(policy, 4, Mixed);
        for (int i = 0; i < 60; i++) played.Step(0.3, 0.5, 0.6, 0.1);
        double[] one = played.Pmf(0, 1, 3), other = played.Pmf(3, 0, 1);
        Assert.Equal(one[0], other[1], 1e-12);
        Assert.Equal(one[1], other[2], 1e-12);
        Assert.Equal(one[2], other[0], 1e-12);
    }

    /// <summary>Another price of cost is another range: nothing learnt counts at once, and the restart is on record from the next outcome.</summary>
    [Theory]
    [MemberData(nameof(Policies))]
    public void Another_range_starts_anew_and_shows(IStatefulPolicy policy)
    {
        var played = new Played(policy, 2, Mixed);
        for (int i = 0; i < 100; i++) played.Step(0.1, 0.9);
        Assert.Equal((-0.6, 2, 0), ImportanceWeightedLosses.InForce(played.State));
        played.Objective = Mixed with { CostMultiplier = 0.6 };
        Assert.Equal([0.5, 0.5], played.Pmf());
        played.Learn(1, 0, 0.5);
        (double lowest, double highest, long restarts) = ImportanceWeightedLosses.InForce(played.State);
        Assert.Equal((-0.7, 2, 1), (Math.Round(lowest, 9), highest, restarts));
        Assert.Equal(1, played.State[0]);
        Assert.True(played.Pmf()[0] > played.Pmf()[1]);
    }

    /// <summary>
    /// Ten seconds at 0.01 are worth as much as a dollar at 0.1: dearer cost and cheaper time leave the range, so the sums are read under the new
    /// objective.
    /// </summary>
    [Fact]
    public void Another_objective_of_the_same_range_reads_the_same_sums()
    {
        var played = new Played(new TsallisInfPolicy(1, 10), 2, new Objective(1, 0.5, 0));
        played.Learn(0, 1, 0.5, costUsd: 1, latencySeconds: 0);
        played.Learn(1, 1, 0.5, costUsd: 0, latencySeconds: 10);
        Assert.True(played.Pmf()[1] > 0.6);
        played.Objective = new Objective(1, 0, 0.05);
        Assert.True(played.Pmf()[0] > 0.6);
        Assert.Equal(0, ImportanceWeightedLosses.InForce(played.State).Restarts);
    }

    /// <summary>u = 2 * 0.25 - 0.5 * 0.8 - 0.01 * 4 = 0.06 in [-0.6, 2]: loss (2 - 0.06) / 2.6, over p = 0.4.</summary>
    [Fact]
    public void A_loss_is_worked_by_hand()
    {
        var played = new Played(new TsallisInfPolicy(1, 10), 2, Mixed);
        played.Learn(0, 0.25, 0.4, costUsd: 0.8, latencySeconds: 4);
        played.Learn(1, 1, 0.5, costUsd: 7, latencySeconds: 1_000); // as 1 USD and 10 s
        ImportanceWeightedLosses losses = ImportanceWeightedLosses.Of(played.ChoicesOf(0, 1), 1, 10);
        Assert.Equal(1.94 / 2.6 / 0.4, losses.LossOf(0), 1e-12);
        Assert.Equal(0.6 / 2.6 / 0.5, losses.LossOf(1), 1e-12);
        Assert.Equal(2, losses.Outcomes);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void An_arm_that_joins_later_starts_level_with_the_leader(IStatefulPolicy policy)
    {
        var played = new Played(policy, 2, Mixed);
        for (int i = 0; i < 400; i++) played.Step(0.2, 0.9);
        played.AddArm();
        double[] before = played.Pmf();
        Assert.Equal(before[1], before[2], 1e-12);
        played.Learn(0, 0.5, played.Pmf()[0]);
        double[] after = played.Pmf();
        Assert.Equal(after[1], after[2], 1e-12);
        Assert.True(after[2] > after[0]);
        for (int i = 0; i < 20; i++) played.Learn(2, 0, 0.3);
        Assert.True(played.Pmf()[2] < played.Pmf()[1]);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void An_arm_without_room_in_the_state_can_be_chosen(IStatefulPolicy policy)
    {
        var played = new Played(policy, 2, Mixed);
        for (int i = 0; i < 50; i++) played.Step(0.2, 0.9);
        Assert.Equal(played.Pmf(0, 1, 2)[1], played.Pmf(0, 1, 2)[2], 1e-12);
        Assert.Equal([1.0], played.Pmf(2));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Outcomes_without_a_propensity_are_left_out(IStatefulPolicy policy)
    {
        var played = new Played(policy, 2, Mixed);
        played.Learn(0, 0, double.NaN);
        Assert.All(played.State, number => Assert.Equal(0, number));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_damaged_state_still_gives_a_law(IStatefulPolicy policy)
    {
        var sound = new Played(policy, 3, Mixed);
        for (int i = 0; i < 50; i++) sound.Step(0.2, 0.9, 0.5);
        foreach (double wrong in (double[])[double.NaN, double.NegativeInfinity, double.PositiveInfinity, -1e300, 1e300, 0.5])
        {
            for (int i = 0; i < sound.State.Length; i++)
            {
                var played = new Played(policy, 3, Mixed) { State = [.. sound.State] };
                played.State[i] = wrong;
                for (int step = 0; step < 5; step++) played.Step(0.2, 0.9, 0.5);
                RandomStream random = Given.Random(1);
                Assert.InRange(policy.Choose(played.ChoicesOf(0, 1, 2), ref random), 0, 2);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Choosing_and_learning_with_a_state_allocate_nothing(IStatefulPolicy policy)
    {
        var played = new Played(policy, 3, Mixed);
        Belief[] beliefs = [.. Enumerable.Repeat(new Belief(1, 1, 1, 0, 0), 3)];
        int[] arms = [0, 1, 2];
        var pmf = new double[3];
        RandomStream random = Given.Random(1);
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                var choices = new Choices(beliefs, arms, 0) { State = played.State, Objective = Mixed };
                policy.TryGetPmf(choices, pmf);
                int arm = policy.Choose(choices, ref random);
                policy.Learn(played.State, new Feedback { Arm = arm, Arms = 3, Quality = arm / 2.0, Propensity = pmf[arm], Objective = Mixed });
            }
        }));
    }

    [Fact]
    public void Bounds_outside_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TsallisInfPolicy(maxCostUsd: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TsallisInfPolicy(maxLatencySeconds: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Exp3IxPolicy(maxCostUsd: double.PositiveInfinity));
    }
}
