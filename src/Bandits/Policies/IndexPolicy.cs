using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>Runs an index rule: highest index wins, exact ties share the probability and are broken by the decision's own stream.</summary>
/// <typeparam name="TRule">The rule; a struct, so that the arm loop is compiled for it without a call per arm.</typeparam>
/// <typeparam name="TRound">What the rule prepares once per decision.</typeparam>
/// <param name="rule">The rule with its parameters.</param>
public sealed class IndexPolicy<TRule, TRound>(TRule rule) : IRoutingPolicy
    where TRule : struct, IIndexRule<TRound>
    where TRound : struct
{
    private readonly TRule _rule = rule;

    /// <inheritdoc/>
    public PolicyTraits Traits => _rule.Traits;

    /// <inheritdoc/>
    public int Choose(in Choices choices, ref RandomStream random)
    {
        TRule rule = _rule;
        TRound round = rule.Prepare(choices);
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        int chosen = 0, ties = 0;
        double best = double.NegativeInfinity;
        for (int i = 0; i < beliefs.Length; i++)
        {
            double index = rule.Index(beliefs[i], round);
            if (index > best) (best, chosen, ties) = (index, i, 1);
            else if (index == best && random.NextBelow(++ties) == 0) chosen = i;
        }

        return chosen;
    }

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        TRule rule = _rule;
        TRound round = rule.Prepare(choices);
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        int ties = 0;
        double best = double.NegativeInfinity;
        for (int i = 0; i < beliefs.Length; i++)
        {
            double index = rule.Index(beliefs[i], round);
            pmf[i] = index;
            if (index > best) (best, ties) = (index, 1);
            else if (index == best) ties++;
        }

        double share = 1.0 / ties;
        for (int i = 0; i < beliefs.Length; i++) pmf[i] = pmf[i] == best ? share : 0;
        return true;
    }
}
