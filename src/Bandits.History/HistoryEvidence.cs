namespace Bandits.History;

/// <summary>What the history teaches about one model in one role in one kind of task.</summary>
public sealed class HistoryEvidence
{
    /// <summary><c>planner</c> or <c>implementer</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Task area.</summary>
    public required string Area { get; init; }

    /// <summary>Task risk.</summary>
    public required string Risk { get; init; }

    /// <summary>Task complexity, null when the log does not say.</summary>
    public required string? Complexity { get; init; }

    /// <summary>The model: the arm.</summary>
    public required string Model { get; init; }

    /// <summary>The model's own provider in this role, null when the log does not say.</summary>
    public required string? Provider { get; init; }

    /// <summary>What was observed. The task's whole cost and duration are charged to each of its roles.</summary>
    public required Evidence Evidence { get; init; }
}
