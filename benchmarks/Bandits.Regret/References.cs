using Bandits.Regret.Running;

namespace Bandits.Regret;

/// <summary>
/// Figures to compare with: measured for this project with textbook implementations, T = 10,000, 300 to 1,000 seeds, prior Beta(1, 1), pooling off.
/// Where ours disagree: <c>docs/decisions/0013-references-that-disagree.md</c>.
/// </summary>
internal static class References
{
    /// <summary>The horizon at which the figures hold.</summary>
    public const int Horizon = 10_000;

    private const double NotGiven = double.NaN;

    private static readonly Dictionary<(string Environment, string Policy), Figure> Figures = new()
    {
        [("i", "ucb1")] = new(87.8, 0.5),
        [("i", "moss")] = new(28.5, 0.3),
        [("i", "kl-ucb")] = new(15.1, 0.3),
        [("i", "kl-ucb+")] = new(10.4, 0.3),
        [("i", "bayes-ucb")] = new(11.8, 0.6),
        [("i", "imed")] = new(10.2, 0.2),
        [("i", "thompson")] = new(10.1, 0.3),
        [("i", "optimistic-thompson")] = new(10.0, 0.3),
        [("i", "tsallis-inf")] = new(37.0, 0.4),
        [("i", "epsilon-greedy")] = new(55.1, NotGiven),
        [("ii", "ucb1")] = new(500.8, 0.5),
        [("ii", "moss")] = new(167.5, 0.4),
        [("ii", "kl-ucb")] = new(112.1, 0.5),
        [("ii", "kl-ucb+")] = new(69.0, 0.4),
        [("ii", "bayes-ucb")] = new(101.4, 0.9),
        [("ii", "imed")] = new(70.5, 0.7),
        [("ii", "thompson")] = new(80.8, 0.5),
        [("ii", "optimistic-thompson")] = new(76.7, 0.5),
        [("ii", "tsallis-inf")] = new(431.0, 3.5),
        [("ii", "epsilon-greedy")] = new(134.3, NotGiven),
        [("iv", "ucb1")] = new(466, 2),
        [("iv", "kl-ucb")] = new(526, 8),
        [("iv", "thompson")] = new(914, 18),
        [("iv", "discounted-thompson-0.995")] = new(259, NotGiven),
        [("iv", "discounted-thompson")] = new(248.3, 1.0),
        [("iv", "sliding-window-thompson-303")] = new(206, NotGiven),
        [("iv", "sliding-window-thompson")] = new(188.3, 0.9),
        [("iv", "glr-kl-ucb")] = new(63.9, 0.7),
        [("iv", "glr-kl-ucb-global")] = new(68.9, 0.8),
        [("iv", "glr-thompson")] = new(54.6, 0.8),
        [("iv", "glr-thompson-global")] = new(57.4, 0.6),
        [("iv", "oracle-restart-kl-ucb")] = new(70.6, 0.8),
        [("iv", "oracle-restart-thompson")] = new(56.0, 0.8),
        [("iv", "exp3.s")] = new(502, 2),
    };

    /// <summary>The reference figure, or null; its error is NaN where none was given.</summary>
    public static Figure? Of(string environment, string policy, int horizon) =>
        horizon == Horizon && Figures.TryGetValue((environment, policy), out Figure figure) ? figure : null;

    /// <summary>Our figure minus the reference in combined standard errors; in our own alone where the reference gives none.</summary>
    public static double Deviations(Figure ours, Figure reference)
    {
        double error = double.IsNaN(reference.Error) ? 0 : reference.Error;
        return (ours.Mean - reference.Mean) / Math.Sqrt(ours.Error * ours.Error + error * error);
    }
}
