using Bandits.Numerics;

namespace Bandits;

/// <summary>What a policy sees: the beliefs of the eligible arms and nothing else.</summary>
public readonly ref struct Choices
{
    /// <summary>Creates the view.</summary>
    /// <param name="beliefs">Beliefs of the eligible arms; at least one.</param>
    /// <param name="arms">Dense arm indices, parallel to <paramref name="beliefs"/>.</param>
    /// <param name="round">Number of outcomes behind the beliefs, 0 or more.</param>
    public Choices(ReadOnlySpan<Belief> beliefs, ReadOnlySpan<int> arms, double round)
    {
        Beliefs = beliefs;
        Arms = arms;
        Round = round;
    }

    /// <summary>Beliefs about the utility of each eligible arm.</summary>
    public ReadOnlySpan<Belief> Beliefs { get; }

    /// <summary>Dense arm indices, parallel to <see cref="Beliefs"/>.</summary>
    public ReadOnlySpan<int> Arms { get; }

    /// <summary>Number of outcomes behind the beliefs.</summary>
    public double Round { get; }
}

/// <summary>What can be relied on of a policy.</summary>
[Flags]
public enum PolicyTraits
{
    /// <summary>Nothing beyond the contract.</summary>
    None = 0,

    /// <summary>The pmf depends on the beliefs alone, so the router may keep it until they change.</summary>
    DependsOnBeliefsOnly = 1,

    /// <summary>The policy explores by itself, so weak belief is no reason to fall back to the baseline rule.</summary>
    Explores = 2,
}

/// <summary>How to choose under uncertainty: a pure function of (beliefs of the eligible arms, round, random stream).</summary>
/// <remarks>Implementations hold no state that changes, read no clock and allocate nothing. Called once per decision.</remarks>
public interface IRoutingPolicy
{
    /// <summary>What can be relied on.</summary>
    PolicyTraits Traits { get; }

    /// <summary>Chooses a position in <see cref="Choices.Beliefs"/>.</summary>
    int Choose(in Choices choices, ref RandomStream random);

    /// <summary>Writes the probability of each position; false when the policy cannot say, with <paramref name="pmf"/> then undefined.</summary>
    /// <param name="choices">The eligible arms.</param>
    /// <param name="pmf">As long as <see cref="Choices.Beliefs"/>; receives numbers that are not negative and sum to 1 within 1e-12.</param>
    bool TryGetPmf(in Choices choices, Span<double> pmf);
}

/// <summary>An index policy reduced to what is peculiar to it: choose the arm with the highest index.</summary>
/// <typeparam name="TRound">What is computed once per decision, outside the arm loop.</typeparam>
public interface IIndexRule<TRound>
    where TRound : struct
{
    /// <summary>What can be relied on.</summary>
    PolicyTraits Traits { get; }

    /// <summary>Computes what all arms share in this decision.</summary>
    TRound Prepare(in Choices choices);

    /// <summary>The index of one arm; the highest is chosen, exact ties share. Not NaN.</summary>
    double Index(in Belief belief, in TRound round);
}
