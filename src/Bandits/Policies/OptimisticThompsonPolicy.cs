using Bandits.Numerics;
using Bandits.Statistics;

namespace Bandits.Policies;

/// <summary>Thompson sampling whose draws are never below the mean. Prefer it where arms are many and most are poor.</summary>
/// <remarks>
/// <code>
/// Source      May, Korda, Lee, Leslie (2012), Optimistic Bayesian sampling in contextual-bandit problems, JMLR 13, algorithm 2
/// Rule        a_t = argmax_a max(theta_a, E[u_a]);  the law of max(theta_a, E[u_a]) has an atom P(theta_a &lt;= E[u_a]) at E[u_a]
/// Update      none: beliefs are derived from evidence
/// Symbols     theta_a -> a draw of utility -> USD;  E[u_a] -> Belief.Mean -> USD
/// Cost        as <see cref="ThompsonPolicy"/>; only utilities above the highest mean are integrated over
/// Departures  arms whose atoms meet at the highest mean share it
/// Guarantee   asymptotically greedy; never explores less than it (theorem 1)
/// </code>
/// </remarks>
public sealed class OptimisticThompsonPolicy : IRoutingPolicy
{
    /// <summary>The policy; it has no parameters.</summary>
    public static OptimisticThompsonPolicy Instance { get; } = new();

    /// <inheritdoc/>
    public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores | PolicyTraits.CostlyPmf;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        var highest = new Highest();
        for (int i = 0; i < beliefs.Length; i++)
        {
            double draw = Math.Max(UtilitySampler.Sample(choices, i, ref random), beliefs[i].Mean);
            highest.Offer(draw, i, ref random);
        }

        return highest.At;
    }

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        Span<UtilityLaw> laws = BestArmProbability.LawsOf(beliefs.Length);
        for (int i = 0; i < beliefs.Length; i++)
        {
            laws[i] = UtilityLaw.Of(beliefs[i]);
            laws[i].Floor = beliefs[i].Mean;
        }

        BestArmProbability.Write(laws, pmf);
        return true;
    }
}
