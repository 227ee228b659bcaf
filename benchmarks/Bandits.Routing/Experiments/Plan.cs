using Bandits.Routing.Outcomes;
using Bandits.Routing.Running;

namespace Bandits.Routing.Experiments;

/// <summary>One experiment under one budget: what each seed plays.</summary>
/// <param name="Name">Name of the experiment, and of its variant where it has several.</param>
/// <param name="BudgetUsd">USD a decision; infinity for quality only.</param>
/// <param name="StretchesOf">From the tasks to learn on and those to be judged on, in a seed's order, to what is played.</param>
internal sealed record Plan(string Name, double BudgetUsd, Func<RoutingTask[], RoutingTask[], List<Stretch>> StretchesOf)
{
    /// <summary>Whether an arm joins, of which the tasks must then have outcomes.</summary>
    public bool HasNewArm { get; init; }
}

/// <summary>What all experiments of a run share.</summary>
internal sealed class Subject
{
    /// <summary>Arms by column of the tasks, the new one last where there is one.</summary>
    public required Arm[] Arms { get; init; }

    /// <summary>Arms that take part from the beginning.</summary>
    public required int Established { get; init; }

    /// <summary>Tasks that are learnt from; null where the judged ones are halved.</summary>
    public required RoutingTask[]? Train { get; init; }

    public required RoutingTask[] Test { get; init; }

    /// <summary>The judged tasks that the new arm has answered too; null without a new arm.</summary>
    public RoutingTask[]? WithNewArm { get; init; }

    public required bool HasCosts { get; init; }

    public required string Name { get; init; }

    /// <summary>The established arm of this rank by mean cost, 0 the cheapest.</summary>
    public int ByCost(int rank) => Enumerable.Range(0, Established).OrderBy(arm => Test.Average(task => task.CostUsd[arm])).ElementAt(rank);

    public double MeanCostOf(int arm) => Test.Average(task => task.CostUsd[arm]);

    /// <summary>The tasks of one seed, both parts in that seed's order.</summary>
    public (RoutingTask[] Train, RoutingTask[] Test) Deal(int seed, bool withNewArm)
    {
        RoutingTask[] test = withNewArm ? WithNewArm! : Test;
        if (Train is not null) return (Runner.Shuffle(Train, seed, 1), Runner.Shuffle(test, seed, 2));
        RoutingTask[] all = Runner.Shuffle(test, seed, 1);
        return (all[..(all.Length / 2)], all[(all.Length / 2)..]);
    }
}
