using Bandits.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests.Policies;

public sealed class Exp3IxPolicyTests
{
    private static readonly Exp3IxPolicy Policy = new();

    /// <summary>
    /// Arm 0 of three loses at p = 1/3: gamma_1 = sqrt(ln 3 / 3) / 2, Lhat = 1 / (1/3 + gamma_1); eta_2 = sqrt(ln 3 / 6). Then arm 2 loses a half at p = 0.4
    /// with gamma_2 = eta_2 / 2, and eta_3 = sqrt(ln 3 / 9).
    /// </summary>
    [Fact]
    public void Two_losses_are_worked_by_hand()
    {
        var played = new Played(Policy, 3, Objective.Quality);
        played.Learn(0, 0, 1.0 / 3);
        double first = 1 / (1.0 / 3 + Math.Sqrt(Math.Log(3) / 3) / 2), ratio = Math.Exp(-Math.Sqrt(Math.Log(3) / 6) * first);
        double[] pmf = played.Pmf();
        Assert.Equal(1 / (2 + ratio), pmf[1], 1e-12);
        Assert.Equal(ratio / (2 + ratio), pmf[0], 1e-12);

        played.Learn(2, 0.5, 0.4);
        double second = 0.5 / (0.4 + Math.Sqrt(Math.Log(3) / 6) / 2), eta = Math.Sqrt(Math.Log(3) / 9);
        pmf = played.Pmf();
        Assert.Equal(Math.Exp(-eta * first), pmf[0] / pmf[1], 1e-12);
        Assert.Equal(Math.Exp(-eta * second), pmf[2] / pmf[1], 1e-12);
    }

    /// <summary>Pitfall: exponents of large losses overflowed to inf / inf.</summary>
    [Fact]
    public void Losses_however_large_give_a_law()
    {
        var played = new Played(Policy, 3, Objective.Quality);
        for (int i = 0; i < 50; i++) for (int arm = 0; arm < 3; arm++) played.Learn(arm, 0, 1e-12);
        played.Pmf();
        for (int i = 0; i < 100_000; i++) played.Learn(0, 0, 1e-3);
        Assert.Equal(0, played.Pmf()[0], 1e-12);
    }

    [Fact]
    public void An_outcome_cannot_be_taken_back()
    {
        var played = new Played(Policy, 2, Objective.Quality);
        played.Learn(0, 0, 0.5);
        double[] before = [.. played.State];
        Assert.False(Policy.TryRetract(played.State, played.FeedbackOf(0, 0, 0.5)));
        Assert.Equal(before, played.State);
    }
}
