namespace Bandits.Routing.Outcomes;

/// <summary>One task: where it comes from, what it says, and what each model made of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Area">Its area; empty where the source has none.</param>
/// <param name="Quality">Reward of each model of the set, in [0, 1]; NaN where the model did not answer.</param>
/// <param name="CostUsd">Cost of each model, USD; NaN where the source has none.</param>
internal sealed record RoutingTask(string Id, string Area, double[] Quality, double[] CostUsd)
{
    /// <summary>The text of the prompt; null where it was not given.</summary>
    public string? Prompt { get; set; }
}
