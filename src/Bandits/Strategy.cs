namespace Bandits;

/// <summary>The five classic strategies, each a combination of objective, constraint, policy and exploration.</summary>
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
}
