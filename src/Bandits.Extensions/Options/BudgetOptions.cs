namespace Bandits.Extensions;

/// <summary>The budget in configuration; see <see cref="Budget"/>. What is left out has its default.</summary>
public sealed class BudgetOptions
{
    /// <inheritdoc cref="Budget.UsdPerDecision"/>
    public double UsdPerDecision { get; set; } = double.NaN;

    /// <inheritdoc cref="Budget.Horizon"/>
    public int? Horizon { get; set; }

    internal Budget ToBudget()
    {
        var budget = new Budget { UsdPerDecision = UsdPerDecision };
        return budget with { Horizon = Horizon ?? budget.Horizon };
    }
}
