namespace Bandits.Routing.Reporting;

/// <summary>Figures for orientation: what ParetoBandit (arXiv:2604.00136) published, on other prompts than are played here, and two that this project was given beside it.</summary>
/// <param name="BudgetUsd">USD a decision.</param>
/// <param name="Quality">What was published.</param>
/// <param name="NoContext">A no-context bound.</param>
/// <param name="Prototype">What a prototype of 60 lines did.</param>
internal sealed record Published(double BudgetUsd, double Quality, double NoContext, double Prototype)
{
    public static IReadOnlyList<Published> Budgets { get; } =
    [
        new(8.3e-5, 0.813, 0.807, 0.830), new(2.3e-4, 0.859, 0.847, 0.881), new(6.6e-4, 0.898, 0.923, 0.922), new(1.9e-3, 0.917, 0.924, 0.926), new(5.3e-3, 0.924, 0.926, 0.930),
        new(1.5e-2, 0.929, 0.932, 0.933),
    ];
}
