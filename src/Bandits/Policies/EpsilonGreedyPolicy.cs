using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>Chooses the best arm, and with a fixed probability any arm. Prefer it where every arm must keep a known share, for off-policy evaluation or drift.</summary>
/// <remarks>
/// <code>
/// Source      Watkins (1989), Learning from delayed rewards; Sutton and Barto (2018), Reinforcement Learning, 2nd ed., section 2.2
/// Rule        p_a = epsilon / K + (1 - epsilon) [a in argmax x] / ties
/// Update      none: beliefs are derived from evidence
/// Symbols     epsilon -> [0, 1] -> 0.1;  K -> Choices.Beliefs.Length;  x_a -> Belief.SampleMean, carried into utility -> USD
/// Cost        choose O(K), 0 B; state none
/// Departures  greedy on evidence as in the book; an untried arm stands at its prior's mean; exact ties share
/// Guarantee   none claimed: regret grows by epsilon times the mean gap a round
/// </code>
/// </remarks>
public sealed class EpsilonGreedyPolicy : IRoutingPolicy
{
    /// <summary>The share of the book's ten-armed testbed.</summary>
    private const double DefaultEpsilon = 0.1;

    private readonly double _epsilon;

    /// <summary>Creates the policy.</summary>
    /// <param name="epsilon">Probability of choosing any arm, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is out of its range.</exception>
    public EpsilonGreedyPolicy(double epsilon)
    {
        if (!(epsilon >= 0 && epsilon <= 1)) Throw.OutOfRange(nameof(epsilon), epsilon, "[0, 1]");
        _epsilon = epsilon;
    }

    /// <summary>With epsilon = 0.1, ready to use.</summary>
    public static IRoutingPolicy Policy { get; } = new EpsilonGreedyPolicy(DefaultEpsilon);

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random) => Choose(_epsilon, choices, ref random);

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf) => TryGetPmf(_epsilon, choices, pmf);

    internal static int Choose(double epsilon, in Choices choices, ref RandomStream random) =>
        random.NextUnit() < epsilon ? random.NextBelow(choices.Beliefs.Length) : SampleMeanRule.Policy.Choose(choices, ref random);

    internal static bool TryGetPmf(double epsilon, in Choices choices, Span<double> pmf)
    {
        SampleMeanRule.Policy.TryGetPmf(choices, pmf);
        double share = epsilon / choices.Beliefs.Length;
        for (int i = 0; i < choices.Beliefs.Length; i++) pmf[i] = share + (1 - epsilon) * pmf[i];
        return true;
    }
}
