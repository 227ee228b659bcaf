using Bandits.Routing.Bounds;

namespace Bandits.Routing.Experiments;

/// <summary>What one policy made of one phase under one budget, over all seeds.</summary>
internal sealed class Finding
{
    public required string Experiment { get; init; }

    /// <summary>Which of the experiment's variants; empty where it has one.</summary>
    public required string Variant { get; init; }

    public required string Phase { get; init; }

    /// <summary>USD a decision; infinity for any.</summary>
    public required double BudgetUsd { get; init; }

    public required string Policy { get; init; }

    /// <summary>What the policy knows of a task: "area", "text", "area+text", "none", "shuffled".</summary>
    public required string Features { get; init; }

    /// <summary>Mean reward by seed.</summary>
    public required double[] Quality { get; init; }

    /// <summary>Mean cost by seed, USD; NaN where a cost is not known.</summary>
    public required double[] CostUsd { get; init; }

    /// <summary>Largest mean cost of 100 decisions in a row by seed, USD.</summary>
    public required double[] WorstWindowUsd { get; init; }

    /// <summary>Arms that could be chosen, the first of all.</summary>
    public required int Present { get; init; }

    /// <summary>Mean share of each arm.</summary>
    public required double[] Shares { get; init; }

    public required Hindsight Bounds { get; init; }

    /// <summary>The model that is best on these very tasks.</summary>
    public required SingleModel BestSingle { get; init; }

    /// <summary>The experiment and its variant.</summary>
    public string Name => Variant.Length == 0 ? Experiment : $"{Experiment} {Variant}";

    public double MeanQuality => Quality.Average();

    public double MeanCostUsd => CostUsd.Average();

    /// <summary>A 95 % bootstrap interval of the mean quality over seeds.</summary>
    public (double Low, double High) Interval => Bootstrap.Interval(Quality);

    /// <summary>Mean cost over budget; NaN without a budget, like the two below.</summary>
    public double CostOverBudget => OverBudget(MeanCostUsd);

    /// <summary>95th percentile over seeds.</summary>
    public double CostOverBudgetHigh => OverBudget(CostUsd.Order().ElementAt((int)Math.Ceiling(0.95 * CostUsd.Length) - 1));

    /// <summary>The worst window of all seeds.</summary>
    public double WorstWindowOverBudget => OverBudget(WorstWindowUsd.Max());

    private double OverBudget(double costUsd) => double.IsFinite(BudgetUsd) ? costUsd / BudgetUsd : double.NaN;
}

/// <summary>One model asked every time, and how far a policy is above it on the same tasks.</summary>
/// <param name="Arm">The model.</param>
/// <param name="Quality">Its mean quality.</param>
/// <param name="Over">Quality of the policy minus that of the model.</param>
/// <param name="OverError">Standard error of <paramref name="Over"/>, paired by task; the mean over seeds, which share their tasks.</param>
internal sealed record SingleModel(int Arm, double Quality, double Over, double OverError);
