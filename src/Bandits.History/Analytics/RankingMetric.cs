namespace Bandits.History;

/// <summary>What models are ranked by.</summary>
public enum RankingMetric : byte
{
    /// <summary>Share of tasks that succeeded, highest first.</summary>
    SuccessRate = 0,

    /// <summary>Average cost in USD, lowest first.</summary>
    Cost = 1,

    /// <summary>Average duration in seconds, lowest first.</summary>
    Duration = 2,
}
