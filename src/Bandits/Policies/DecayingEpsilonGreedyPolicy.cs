using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>Epsilon-greedy whose share of exploration falls as 1/t. Prefer an index policy unless a lower bound of the gap is really known.</summary>
/// <remarks>
/// <code>
/// Source      Auer, Cesa-Bianchi, Fischer (2002), Finite-time analysis of the multiarmed bandit problem, Machine Learning 47, figure 3
/// Rule        p_a = epsilon_t / K + (1 - epsilon_t) [a in argmax x] / ties,   epsilon_t = min(1, c K / (d^2 t))
/// Update      none: beliefs are derived from evidence
/// Symbols     c -> above 0 -> 5;  d -> lower bound of the gap in quality -> (0, 1] -> 0.3;  K -> Choices.Beliefs.Length
///             t -> Choices.Round + 1 -> number of this play;  x_a -> Belief.SampleMean, carried into utility -> USD
/// Cost        choose O(K), 0 B; state none
/// Departures  an untried arm stands at its prior's mean; exact ties share; the paper leaves c and d to the user
/// Guarantee   for rewards in [0, 1], c &gt; 5 and d at most the smallest gap: an arm is chosen at time t with probability of order c / (d^2 t)
/// </code>
/// </remarks>
public sealed class DecayingEpsilonGreedyPolicy : IRoutingPolicy
{
    /// <summary>The least c that the paper's analysis speaks of.</summary>
    private const double DefaultC = 5;

    /// <summary>A gap of 0.3 in quality: 5 / 0.09 or 56 exploring plays an arm before the share falls below 1.</summary>
    private const double DefaultD = 0.3;

    private readonly double _exploringPlays;

    /// <summary>Creates the policy.</summary>
    /// <param name="c">Amount of exploration, above 0.</param>
    /// <param name="d">Lower bound of the gap between the best arm and the next, in quality, in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public DecayingEpsilonGreedyPolicy(double c, double d)
    {
        if (!(c > 0 && double.IsFinite(c))) Throw.OutOfRange(nameof(c), c, "above 0, finite");
        if (!(d > 0 && d <= 1)) Throw.OutOfRange(nameof(d), d, "(0, 1]");
        _exploringPlays = c / (d * d);
    }

    /// <summary>With c = 5 and d = 0.3, ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new DecayingEpsilonGreedyPolicy(DefaultC, DefaultD);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random) => EpsilonGreedyPolicy.Choose(Epsilon(choices), choices, ref random);

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf) => EpsilonGreedyPolicy.TryGetPmf(Epsilon(choices), choices, pmf);

    private double Epsilon(in Choices choices) => Math.Min(1, _exploringPlays * choices.Beliefs.Length / (choices.Round + 1));
}
