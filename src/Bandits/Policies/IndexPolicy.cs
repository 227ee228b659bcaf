using Bandits.Numerics;

namespace Bandits.Policies;

/// <summary>Runs an index rule: highest index wins, exact ties share the probability and are broken by the decision's own stream.</summary>
/// <typeparam name="TRule">The rule; a struct, so that the arm loop is compiled for it without a call per arm.</typeparam>
/// <typeparam name="TRound">What the rule prepares once per decision.</typeparam>
/// <param name="rule">The rule with its parameters.</param>
public sealed class IndexPolicy<TRule, TRound>(TRule rule) : IRoutingPolicy, IIndexed
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
        var highest = new Highest();
        for (int i = 0; i < beliefs.Length; i++) highest.Offer(rule.Index(beliefs[i], round), i, ref random);
        return highest.At;
    }

    /// <inheritdoc/>
    public bool TryGetPmf(in Choices choices, Span<double> pmf)
    {
        ((IIndexed)this).WriteIndices(choices, pmf);
        Highest.Share(pmf[..choices.Beliefs.Length]);
        return true;
    }

    /// <inheritdoc/>
    void IIndexed.WriteIndices(in Choices choices, Span<double> indices)
    {
        TRule rule = _rule;
        TRound round = rule.Prepare(choices);
        ReadOnlySpan<Belief> beliefs = choices.Beliefs;
        for (int i = 0; i < beliefs.Length; i++) indices[i] = rule.Index(beliefs[i], round);
    }
}

/// <summary>A policy that compares arms by one number each.</summary>
internal interface IIndexed
{
    /// <summary>Writes the index of each position.</summary>
    void WriteIndices(in Choices choices, Span<double> indices);
}
