namespace Bandits.Policies;

/// <summary>What <see cref="Strategy.Budgeted"/> is made of.</summary>
/// <remarks>
/// <code>
/// Source      chosen on the development sets of benchmarks/Bandits.Routing and frozen; the parts name their own
/// Rule        LinUCB (<see cref="LinUcbRule"/>) on quality less the price of money, over Student beliefs (<see cref="BeliefLaw.Student"/>)
/// Symbols     alpha -> Width -> 1.2 standard deviations;  g -> Growth -> 0.5: without it one run in twenty on two arms never left the worse one
/// Departures  none
/// Guarantee   none claimed beyond the measured tables
/// </code>
/// </remarks>
internal static class BudgetedDefaults
{
    private const double Width = 1.2;
    private const double Growth = 0.5;

    public static IRoutingPolicy Policy { get; } = new IndexPolicy<LinUcbRule, double>(new LinUcbRule(Width, Growth));
}
