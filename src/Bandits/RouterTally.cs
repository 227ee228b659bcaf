namespace Bandits;

/// <summary>What a router has done while it was counting (<see cref="BanditRouter.IsCounting"/>), for counters and dashboards. A copy; what is learnt is elsewhere (<see cref="BanditRouter.Summarize"/>).</summary>
public sealed record RouterTally
{
    /// <summary>Decisions by arm, strategy and how they came out; combinations that never occurred are left out.</summary>
    public required IReadOnlyList<DecisionTally> Decisions { get; init; }

    /// <summary>Judgements counted by arm and kind, corrections among them by their new kind; combinations that never occurred are left out.</summary>
    public required IReadOnlyList<OutcomeTally> Outcomes { get; init; }

    /// <summary>Known cost by arm, USD; what a correction took back is subtracted. As long as there are arms.</summary>
    public required IReadOnlyList<double> CostUsd { get; init; }

    /// <summary>Requests for which no arm was eligible.</summary>
    public long Undecided { get; init; }

    /// <summary>Lowest propensity of a decision, in (0, 1]; NaN when none was computed. Weights of an off-policy estimate go up to one over this.</summary>
    public double LowestPropensity { get; init; }
}

/// <summary>Decisions of one arm that came out alike.</summary>
/// <param name="Arm">Dense index of the arm.</param>
/// <param name="Strategy">The strategy in force.</param>
/// <param name="IsExplored">Whether only the exploring part could choose the arm.</param>
/// <param name="IsFallback">Whether the baseline rule stood in for the exploiting part.</param>
/// <param name="Count">How many.</param>
public readonly record struct DecisionTally(int Arm, Strategy Strategy, bool IsExplored, bool IsFallback, long Count);

/// <summary>Outcomes of one arm and kind.</summary>
/// <param name="Arm">Dense index of the arm.</param>
/// <param name="Kind">What became of the decisions.</param>
/// <param name="Count">How many.</param>
public readonly record struct OutcomeTally(int Arm, OutcomeKind Kind, long Count);
