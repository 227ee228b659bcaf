using Bandits.Concurrency;
using Bandits.Numerics;
using Bandits.Statistics;
using Bandits.Tests.Statistics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Concurrency;

/// <summary>The safety gate's promise, by simulation on its account alone: arm 0 is the baseline.</summary>
public sealed class SafetyAccountTests
{
    private static readonly SafetyGate Gate = new() { BaselineArmId = "b", Fraction = 0.1, Delta = 0.1 };

    /// <summary>An eager explorer (arm 1 whenever it may) of a bad arm: without the gate the promise is broken in every run.</summary>
    [Theory]
    [InlineData(0.5, 0.0)]
    [InlineData(0.5, 0.35)]
    [InlineData(0.9, 0.8)]
    [InlineData(0.1, 0.02)]
    public void The_promise_is_broken_no_more_often_than_stated_and_always_without_the_gate(double baseline, double bad)
    {
        const int Runs = 60, Decisions = 1_000;
        int broken = 0, brokenWithout = 0;
        for (int run = 0; run < Runs; run++)
        {
            broken += Run([baseline, bad], Decisions, (ulong)run, gate: Gate, delay: run % 3 * 20).IsBroken ? 1 : 0;
            brokenWithout += Run([baseline, bad], Decisions, (ulong)run, gate: null, delay: 0).IsBroken ? 1 : 0;
        }

        Assert.True(broken <= AnytimeBoundsTests.Most(Gate.Delta, Runs), $"{broken} of {Runs} runs broke the promise.");
        Assert.Equal(Runs, brokenWithout);
    }

    [Fact]
    public void The_price_is_finite_a_better_arm_is_held_back_only_for_so_long()
    {
        Outcome half = Run([0.5, 0.8], 10_000, 1, Gate, delay: 0), whole = Run([0.5, 0.8], 20_000, 1, Gate, delay: 0);
        Assert.True(half.HeldBack is > 10 and < 2_000, $"{half.HeldBack} decisions were held back.");
        Assert.Equal(half.HeldBack, whole.HeldBack);
    }

    [Fact]
    public void Before_any_outcome_the_baselines_own_decisions_pay_for_the_first_exploration()
    {
        var account = new SafetyAccount(0, 2);
        for (int i = 0; i < 20; i++)
        {
            account.Enter(Gate, 0, 2);
            Assert.Equal(i >= 9, account.Allows(1, 0, Gate.Fraction)); // T_0 >= 0.9 (T_0 + 1) from T_0 = 9 on
            Assert.True(account.Allows(0, 0, Gate.Fraction));
            account.Count(0, 1);
            account.Leave();
        }
    }

    [Fact]
    public void A_decision_without_a_grade_counts_for_nothing()
    {
        SafetyAccount pending = Played(zero: 100, other: 5, graded: 0), graded = Played(zero: 100, other: 5, graded: 5);
        Assert.Equal(Allowed(Played(zero: 100, other: 0, graded: 0)) - 5, Allowed(pending));
        Assert.True(Allowed(graded) > Allowed(pending));
    }

    [Fact]
    public void A_correction_takes_the_first_grade_back_to_the_last_bit()
    {
        SafetyAccount account = Played(zero: 10, other: 3, graded: 2), same = Played(zero: 10, other: 3, graded: 2);
        account.Grade(1, 50, Contribution.NoQuality, 12_345, 0);
        account.Grade(1, 50, 12_345, FixedPoint.QualityOne, 0);
        same.Grade(1, 50, Contribution.NoQuality, FixedPoint.QualityOne, 0);
        Assert.Equal(same.Capture(0).Words, account.Capture(0).Words);
    }

    [Fact]
    public void After_a_restart_earlier_decisions_do_not_count()
    {
        SafetyAccount account = Played(zero: 10, other: 3, graded: 2);
        account.Restart(sequence: 50, arms: 2);
        account.Grade(1, 50, Contribution.NoQuality, FixedPoint.QualityOne, 0);
        Assert.Empty(account.Capture(0).Words);
        account.Enter(Gate, 0, 2);
        account.Count(1, 51);
        account.Leave();
        account.Grade(1, 51, Contribution.NoQuality, FixedPoint.QualityOne, 0);
        Assert.Equal([0, 0, 0, 0, 1, 1, FixedPoint.QualityOne, 0], account.Capture(0).Words);
    }

    [Fact]
    public void The_failure_probabilities_sum_to_delta_however_many_arms_are_added()
    {
        foreach (int start in (int[])[1, 2, 5, 64])
        {
            double sum = start * ConservativeBudget.FailureOf(0.1, start, start);
            Assert.Equal(0.05, sum, 1e-12);
            for (int arms = start + 1; arms <= 60_000; arms++) sum += ConservativeBudget.FailureOf(0.1, start, arms);
            Assert.InRange(sum, 0.09, 0.1);
        }
    }

    [Fact]
    public void What_is_captured_is_restored_and_what_cannot_be_right_is_not()
    {
        SafetyState state = Played(zero: 10, other: 3, graded: 2).Capture(4);
        Assert.Equal(state.Words, SafetyAccount.Restore(state, 2)!.Capture(4).Words);
        Assert.Null(SafetyAccount.Restore(state, 1));
        foreach (int word in (int[])[0, 4, 5, 7])
        {
            long[] words = [.. state.Words];
            words[word] = word == 5 ? 4 : -1;
            Assert.Null(SafetyAccount.Restore(state with { Words = words }, 2));
        }
    }

    private static SafetyAccount Played(int zero, int other, int graded)
    {
        var account = new SafetyAccount(0, 2);
        account.Enter(Gate, 0, 2);
        for (int i = 0; i < zero; i++) account.Count(0, 1);
        for (int i = 0; i < other; i++) account.Count(1, 1);
        account.Leave();
        for (int i = 0; i < graded; i++) account.Grade(1, (ulong)(i + 1), Contribution.NoQuality, FixedPoint.QualityOne, 0);
        return account;
    }

    /// <summary>How many more decisions for arm 1 are allowed, all pending.</summary>
    private static int Allowed(SafetyAccount account)
    {
        int count = 0;
        account.Enter(Gate, 0, 2);
        double lower = AnytimeBounds.Of(0, 0, 0.5).Lower;
        Assert.Equal(0, lower);
        while (account.Allows(1, 0, Gate.Fraction))
        {
            account.Count(1, 1);
            count++;
        }

        account.Leave();
        return count;
    }

    private static Outcome Run(double[] means, int decisions, ulong seed, SafetyGate? gate, int delay)
    {
        var account = new SafetyAccount(0, means.Length);
        var due = new Queue<(int At, int Arm, ulong Sequence, long Quality)>();
        RandomStream random = Given.Random(seed);
        double total = 0;
        Outcome outcome = default;
        for (int t = 1; t <= decisions; t++)
        {
            int arm = 1;
            account.Enter(gate ?? Gate, 0, means.Length);
            if (gate is not null && !account.Allows(1, 0, gate.Fraction)) arm = 0;
            account.Count(arm, 1);
            account.Leave();
            total += means[arm];
            outcome.IsBroken |= total < 0.9 * t * means[0] - 1e-9;
            outcome.HeldBack += 1 - arm;
            due.Enqueue((t + delay, arm, (ulong)t, random.NextUnit() < means[arm] ? FixedPoint.QualityOne : 0));
            while (due.Count > 0 && due.Peek().At <= t)
            {
                (_, int graded, ulong sequence, long quality) = due.Dequeue();
                account.Grade(graded, sequence, Contribution.NoQuality, quality, 0);
            }
        }

        return outcome;
    }

    private record struct Outcome(bool IsBroken, int HeldBack);
}
