using Bandits.Routing.Outcomes;
using Bandits.Routing.Running;

namespace Bandits.Routing.Experiments;

/// <summary>One experiment under one budget: what each seed plays.</summary>
/// <param name="Experiment">Name of the experiment.</param>
/// <param name="BudgetUsd">USD a decision; infinity for quality only.</param>
/// <param name="StretchesOf">From the tasks to learn on and those to be judged on, in a seed's order, to what is played.</param>
internal sealed record Plan(string Experiment, double BudgetUsd, Func<RoutingTask[], RoutingTask[], List<Stretch>> StretchesOf)
{
    /// <summary>Which of the experiment's variants; empty where it has one.</summary>
    public string Variant { get; init; } = "";

    /// <summary>Whether an arm joins, of which the tasks must then have outcomes.</summary>
    public bool HasNewArm { get; init; }
}
