using Bandits.Numerics;
using Bandits.Statistics;

namespace Bandits;

/// <summary>What a policy sees: the beliefs of the eligible arms and nothing else.</summary>
public readonly ref struct Choices
{
    /// <summary>Creates the view.</summary>
    /// <param name="beliefs">Beliefs of the eligible arms; at least one.</param>
    /// <param name="arms">Dense arm indices, parallel to <paramref name="beliefs"/>.</param>
    /// <param name="round">Outcomes behind the beliefs and decisions that wait for theirs, 0 or more.</param>
    public Choices(ReadOnlySpan<Belief> beliefs, ReadOnlySpan<int> arms, double round)
    {
        Beliefs = beliefs;
        Arms = arms;
        Round = round;
    }

    /// <summary>Everything at once, so that nothing is copied on the way.</summary>
    internal Choices(ReadOnlySpan<Belief> beliefs, ReadOnlySpan<int> arms, double round, in Objective objective, ReadOnlySpan<UtilitySampler> samplers)
        : this(beliefs, arms, round)
    {
        Objective = objective;
        Samplers = samplers;
    }

    /// <summary>Beliefs about the utility of each eligible arm.</summary>
    public ReadOnlySpan<Belief> Beliefs { get; }

    /// <summary>Dense arm indices, parallel to <see cref="Beliefs"/>.</summary>
    public ReadOnlySpan<int> Arms { get; }

    /// <summary>Number of outcomes of the segment behind the beliefs, all arms together, plus the decisions pending where the policy asks for them.</summary>
    public double Round { get; }

    /// <summary>The policy's own state, laid out as <see cref="IStatefulPolicy"/> says; empty for a policy without state.</summary>
    public ReadOnlySpan<double> State { get; init; }

    /// <summary>Constants for drawing from each Beta belief, where the router has kept them; else empty.</summary>
    internal ReadOnlySpan<UtilitySampler> Samplers { get; }

    /// <summary>The objective that the beliefs' utilities stand on.</summary>
    public Objective Objective { get; init; }
}

/// <summary>What can be relied on of a policy.</summary>
[Flags]
public enum PolicyTraits
{
    /// <summary>Nothing beyond the contract.</summary>
    None = 0,

    /// <summary>The pmf depends on beliefs, objective, round and state alone, so the router may keep it until an outcome changes them.</summary>
    DependsOnBeliefsOnly = 1,

    /// <summary>The policy explores by itself, so weak belief is no reason to fall back to the baseline rule.</summary>
    Explores = 2,

    /// <summary>The policy wants <see cref="Belief.Pending"/>: deterministic indices widen by it, so that late outcomes do not draw a herd to one arm.</summary>
    CountsPending = 4,

    /// <summary>The policy reads <see cref="Belief.SampleVariance"/>.</summary>
    UsesVariance = 8,

    /// <summary>The policy learns from the propensity of its decisions, which is therefore always computed.</summary>
    NeedsPropensity = 16,

    /// <summary>The pmf costs much more than a choice: with <see cref="RouterOptions.Propensities"/> off the router asks for a choice instead.</summary>
    CostlyPmf = 32,

    /// <summary>An <see cref="IIndexRule{TRound}"/> whose index is a utility, USD: of a belief that is worth so much more it is so much higher. Under a <see cref="RouterOptions.Budget"/> it is then computed once for all prices of money.</summary>
    IndexIsUtility = 64,
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

/// <summary>A policy with a state of its own, one per segment: flat numbers that the router owns, guards, copies and saves.</summary>
/// <remarks>The state is <see cref="HeaderLength"/> numbers, then <see cref="ArmLength"/> numbers for each arm by dense index, all 0 at first; new arms append.</remarks>
public interface IStatefulPolicy : IRoutingPolicy
{
    /// <summary>Numbers that all arms share, 0 or more.</summary>
    int HeaderLength { get; }

    /// <summary>Numbers of each arm, 0 or more.</summary>
    int ArmLength { get; }

    /// <summary>Takes in one graded outcome. Called once a decision, in the order in which outcomes come.</summary>
    void Learn(Span<double> state, in Feedback feedback);

    /// <summary>Takes a graded outcome back, because a correction is about to come; false when the state depends on the order, and the first outcome stays.</summary>
    bool TryRetract(Span<double> state, in Feedback feedback);
}

/// <summary>A graded outcome and the decision it belongs to, as a stateful policy learns from it.</summary>
public readonly struct Feedback
{
    /// <summary>Dense index of the arm.</summary>
    public int Arm { get; init; }

    /// <summary>Number of arms the state has room for.</summary>
    public int Arms { get; init; }

    /// <summary>Quality, in [0, 1].</summary>
    public double Quality { get; init; }

    /// <summary>Cost, USD, 0 or more; what was expected when it is not known.</summary>
    public double CostUsd { get; init; }

    /// <summary>Latency, seconds, 0 or more; 0 when it is not known.</summary>
    public double LatencySeconds { get; init; }

    /// <summary>Probability with which the arm was drawn, in (0, 1]; NaN when it was not computed.</summary>
    public double Propensity { get; init; }

    /// <summary>The objective in force.</summary>
    public Objective Objective { get; init; }
}
