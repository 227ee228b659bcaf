namespace Bandits.History;

/// <summary>The part a model had in a task.</summary>
public enum HistoryRole : byte
{
    /// <summary>The model that planned.</summary>
    Planner = 0,

    /// <summary>The model that implemented.</summary>
    Implementer = 1,

    /// <summary>Either; a task where one model had both parts counts once.</summary>
    Any = 2,
}
