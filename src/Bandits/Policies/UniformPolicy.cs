using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>Chooses every eligible arm with the same probability. Prefer it to collect data that any policy can later be evaluated on.</summary>
/// <remarks>
/// <code>
/// Source      the randomised controlled trial; Fisher (1935), The Design of Experiments
/// Rule        p_a = 1 / K over the K eligible arms
/// Update      none
/// Symbols     K -> Choices.Beliefs.Length
/// Cost        choose O(1), 0 B; state none
/// Departures  none
/// Guarantee   regret is the mean gap times the horizon
/// </code>
/// </remarks>
public sealed class UniformPolicy : IRoutingPolicy
{
    /// <summary>The policy; it has no parameters.</summary>
    public static UniformPolicy Instance { get; } = new();

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random) => random.NextBelow(choices.Beliefs.Length);

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        pmf[..choices.Beliefs.Length].Fill(1.0 / choices.Beliefs.Length);
        return true;
    }
}
