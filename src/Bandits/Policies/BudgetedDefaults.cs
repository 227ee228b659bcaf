namespace Bandits.Policies;

/// <summary>What <see cref="Strategy.Budgeted"/> is made of.</summary>
/// <remarks>
/// <code>
/// Source      chosen on the development sets of benchmarks/Bandits.Routing and frozen; the parts name their own
/// Rule        LinUCB (<see cref="LinUcbRule"/>) on quality less the price of money, over Student beliefs (<see cref="BeliefLaw.Student"/>)
/// Symbols     alpha -> Width -> 1.1 standard deviations;  g -> Growth -> 2: without it routing between the two models of routellm, told no area, ends .0108 below the better one, as runs never come back to an arm that failed at first; with it .0001 (100 seeds)
/// Departures  none
/// Guarantee   none claimed beyond the measured tables
/// </code>
/// </remarks>
internal static class BudgetedDefaults
{
    private const double Width = 1.1;
    private const double Growth = 2;

    public static IRoutingPolicy Policy { get; } = new IndexPolicy<LinUcbRule, double>(new LinUcbRule(Width, Growth));
}
