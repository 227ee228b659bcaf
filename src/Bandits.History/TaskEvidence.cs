namespace Bandits.History;

/// <summary>What the history says of one kind of task, whoever did it; each task counts once.</summary>
public sealed class TaskEvidence
{
    /// <summary>Task area.</summary>
    public required string Area { get; init; }

    /// <summary>Task risk.</summary>
    public required string Risk { get; init; }

    /// <summary>Task complexity, null when the log does not say.</summary>
    public required string? Complexity { get; init; }

    /// <summary>What was observed.</summary>
    public required Evidence Evidence { get; init; }
}
