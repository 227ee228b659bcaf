using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests.Policies;

public sealed class TsallisInfPolicyTests
{
    private static readonly TsallisInfPolicy Policy = new();

    /// <summary>p = 4 (eta (Lhat - x))^-2 means 2 / sqrt(p_a) - 2 / sqrt(p_b) = eta (Lhat_a - Lhat_b): the solution, whatever x is, for losses from 0 to 1e12.</summary>
    [Law]
    public void Probabilities_solve_their_equations(int seed, byte count, byte power)
    {
        int arms = count % 64 + 1, outcomes = 1 + (seed & 0xffff);
        RandomStream random = Given.Random((ulong)seed);
        var played = new Played(Policy, arms, Objective.Quality);
        var losses = new double[arms];
        for (int arm = 0; arm < arms; arm++)
        {
            losses[arm] = random.NextUnit() < 0.2 ? 0 : random.NextUnit() * Math.Pow(10, power % 13);
            (played.State[4 + 5 * arm], played.State[5 + 5 * arm]) = (1, losses[arm]);
        }

        (played.State[0], played.State[1]) = (outcomes, 1);
        double[] pmf = played.Pmf();
        double eta = 2 / Math.Sqrt(outcomes + 1);
        int best = Array.IndexOf(losses, losses.Min());
        for (int arm = 0; arm < arms; arm++)
        {
            double expected = eta * (losses[arm] - losses[best]) + 2 / Math.Sqrt(pmf[best]);
            Assert.Equal(1, 2 / Math.Sqrt(pmf[arm]) / expected, 1e-9);
        }
    }

    /// <summary>Arm 0 lost once at p = 1/2: Lhat = (2, 0), t = 2, eta = sqrt 2. With y the nearer distance, y^-2 + (y + sqrt 2)^-2 = 1 at y = 1.0907.</summary>
    [Fact]
    public void A_first_loss_is_worked_by_hand()
    {
        var played = new Played(Policy, 2, Objective.Quality);
        played.Learn(0, 0, 0.5);
        double[] pmf = played.Pmf();
        Assert.Equal(Math.Sqrt(2), 1 / Math.Sqrt(pmf[0]) - 1 / Math.Sqrt(pmf[1]), 1e-12);
        Assert.Equal(1 / (1.0907 * 1.0907), pmf[1], 1e-4);
    }

    [Fact]
    public void Ten_thousand_equal_arms_share()
    {
        var played = new Played(Policy, 10_000, Objective.Quality);
        Assert.All(played.Pmf(), p => Assert.Equal(1e-4, p, 1e-15));
    }

    /// <summary>The sums are linear in what is learnt, so an outcome can be taken back; not across a restart, after which it is unknown which were learnt before.</summary>
    [Fact]
    public void What_was_learnt_can_be_taken_back()
    {
        var played = new Played(Policy, 3, new Objective(1, 0.5, 0));
        for (int i = 0; i < 30; i++) played.Step(0.2, 0.6, 0.9);
        double[] before = [.. played.State];
        Feedback feedback = played.FeedbackOf(1, 0.3, 0.07, 0.4, 2);
        Policy.Learn(played.State, feedback);
        Assert.True(Policy.TryRetract(played.State, feedback));
        for (int i = 0; i < before.Length; i++) Assert.Equal(before[i], played.State[i], 1e-9);

        played.Objective = new Objective(1, 0.6, 0);
        Assert.False(Policy.TryRetract(played.State, played.FeedbackOf(1, 0.3, 0.07)));
        played.Learn(1, 1, 0.5);
        Assert.False(Policy.TryRetract(played.State, played.FeedbackOf(1, 1, 0.5)));
    }

    [Fact]
    public void Taking_the_only_outcome_back_leaves_nothing()
    {
        var played = new Played(Policy, 3, Objective.Quality);
        Assert.False(Policy.TryRetract(played.State, played.FeedbackOf(1, 1, 0.3)));
        played.Learn(1, 0.7, 0.3);
        Assert.True(Policy.TryRetract(played.State, played.FeedbackOf(1, 0.7, 0.3)));
        Assert.All(played.State, number => Assert.Equal(0, number));
    }
}
