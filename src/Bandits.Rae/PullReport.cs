using Bandits.Storage;

namespace Bandits.Rae;

/// <summary>What a pull brought.</summary>
public sealed record PullReport
{
    /// <summary>Memories listed, each once.</summary>
    public int Memories { get; init; }

    /// <summary>Of these, parts of other instances' evidence that could be read.</summary>
    public int Parts { get; init; }

    /// <summary>Memories that claim to hold evidence and cannot be used; they changed nothing.</summary>
    public int BadMemories { get; init; }

    /// <summary>Why, up to a hundred of them, and what else could not be put together.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>The other instances, by name: weight, cells, and whether anything was new.</summary>
    public required IReadOnlyList<JoinedOrigin> Joined { get; init; }

    /// <summary>Evidence of arms that this router does not have, by arm id.</summary>
    public required IReadOnlyList<ArmLeftOut> LeftOut { get; init; }

    /// <summary>Instances that were left out altogether, in words.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Whether windows wait for others that have not arrived and may still come.</summary>
    public bool IsWaiting { get; init; }

    /// <summary>Whether everything was listed; false when <see cref="RaeOptions.MaxMemories"/> cut it short.</summary>
    public bool IsComplete { get; init; }
}
