namespace Bandits;

/// <summary>The five classic strategies, each a combination of objective, constraint, policy and exploration, and two defaults that came out of the regret laboratory.</summary>
public enum Strategy : byte
{
    /// <summary>The static rule table alone.</summary>
    Baseline = 0,

    /// <summary>Greedy on quality.</summary>
    Performance = 1,

    /// <summary>The cheapest arm whose lower quality bound clears the floor.</summary>
    Cost = 2,

    /// <summary>Greedy on utility.</summary>
    Balanced = 3,

    /// <summary>Greedy on utility, with an adaptive share of exploration over all eligible arms.</summary>
    Learning = 4,

    /// <summary>KL-MOSS on utility over beliefs matched to the variance of outcomes: little regret while arms stay as they are. See docs/choosing-a-policy.md.</summary>
    Adaptive = 5,

    /// <summary><see cref="Adaptive"/> for arms that change: old outcomes fade, and an arm starts anew when it is found to have changed.</summary>
    AdaptiveDrift = 6,

    /// <summary>
    /// Best quality within <see cref="RouterOptions.Budget"/>: LinUCB on quality, less the price of money; an arm that is found changed starts anew, in all segments. See docs/budgets.md.
    /// </summary>
    Budgeted = 7,
}
