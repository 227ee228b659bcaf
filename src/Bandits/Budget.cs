namespace Bandits;

/// <summary>What may be spent: a mean cost of decisions that the router holds in the long run.</summary>
/// <remarks>
/// Every decision is charged what its arm is expected to cost, and what it did cost once that is known; a failure without a cost, and a decision of which nothing was ever heard, keep the expected
/// charge, an arm that refused (<see cref="OutcomeKind.Unavailable"/>) gives it back. The price of money that makes spending meet the rate is found by solving the linear program over recent traffic, again and again;
/// it enters utility as <c>u = V q - (c + lambda) cost - tau latency</c>, and on the margin, where one price spends too much and the next too little, the router randomises between
/// the two. See docs/budgets.md.
/// </remarks>
public sealed record Budget
{
    internal const int DefaultHorizon = 150;

    /// <summary>Mean cost of a decision that is aimed at and held, USD, in [1e-9, 1e6].</summary>
    public required double UsdPerDecision { get; init; }

    /// <summary>
    /// Decisions over which what was spent too much or too little is made up for, in [10, 100000]. Shorter keeps closer to the rate at every time, longer wastes less quality on it: a
    /// call that costs twenty times the rate takes 20 / horizon off the rate for a while.
    /// </summary>
    /// <value>150 decisions</value>
    public int Horizon { get; init; } = DefaultHorizon;

    /// <summary>The budget of such numbers; null where they are none.</summary>
    internal static Budget? Of(double usdPerDecision, double horizon)
    {
        var budget = new Budget { UsdPerDecision = usdPerDecision, Horizon = (int)Math.Clamp(horizon, 0, int.MaxValue) };
        var faults = new List<string>();
        budget.Validate(faults);
        return faults.Count > 0 ? null : budget;
    }

    internal void Validate(List<string> faults)
    {
        Fault.Check(faults, UsdPerDecision is >= 1e-9 and <= 1e6, "Budget.UsdPerDecision", UsdPerDecision, "[1e-9, 1e6] USD");
        Fault.Check(faults, Horizon is >= 10 and <= 100_000, "Budget.Horizon", Horizon, "[10, 100000] decisions");
    }
}
