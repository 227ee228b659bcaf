using Bandits.Numerics;
using Bandits.Statistics;

namespace Bandits.Policies;

/// <summary>Draws a utility for every arm from its belief and chooses the highest: each arm as often as it is likely to be the best. A good default.</summary>
/// <remarks>
/// <code>
/// Source      Thompson (1933), Biometrika 25; Russo, Van Roy, Kazerouni, Osband, Wen (2018), A tutorial on Thompson sampling, algorithm 4.2
/// Rule        theta_a ~ belief of a,  a_t = argmax_a theta_a;   p_a = integral of f_a(y) prod_{b != a} F_b(y) dy
/// Update      none: beliefs are derived from evidence
/// Symbols     theta_a -> a draw of utility -> USD;  f_a, F_a -> density and distribution function of the belief, Beta, Student or normal
/// Cost        choose O(K) draws; pmf O(K) at the nodes of <see cref="BestArmProbability"/>; 0 B; state none
/// Departures  works on utility, an affine law of quality, instead of on the reward itself; draws that round to the same utility share
/// Guarantee   E[regret] &lt;= (1 + e) sum_a ln T gap_a / kl(mu_a, mu_best) + O(K/e^2) for Bernoulli outcomes and Beta(1,1) (Agrawal and Goyal 2013)
/// </code>
/// </remarks>
public sealed class ThompsonPolicy : IRoutingPolicy
{
    /// <summary>The policy; it has no parameters.</summary>
    public static ThompsonPolicy Instance { get; } = new();

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores | PolicyTraits.CostlyPmf;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        RandomStream stream = random; // a local stays in a register
        var highest = new Highest();
        for (int i = 0; i < beliefs.Length; i++)
        {
            double draw = UtilitySampler.Sample(choices, i, ref stream);
            highest.Offer(draw, i, ref stream);
        }

        random = stream;
        return highest.At;
    }

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        BestArmProbability.Write(choices.Beliefs, pmf);
        return true;
    }
}
