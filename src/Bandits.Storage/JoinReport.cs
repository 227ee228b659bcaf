namespace Bandits.Storage;

/// <summary>What joining another store did.</summary>
public sealed class JoinReport
{
    /// <summary>Name of the other store.</summary>
    public required string Name { get; init; }

    /// <summary>What was joined: the other store's own evidence first, then each origin it has joined itself. Empty when it is a copy that knows nothing new.</summary>
    public required IReadOnlyList<JoinedOrigin> Origins { get; init; }

    /// <summary>Evidence of arms that this router does not have, by arm id.</summary>
    public required IReadOnlyList<ArmLeftOut> LeftOut { get; init; }

    /// <summary>What else could not be joined, in words.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>What reading the other store found. The end of a journal that is being written looks like a tail that was cut short.</summary>
    public required RecoveryReport Recovery { get; init; }

    /// <summary>Whether anything was new.</summary>
    public Joined Joined => Origins.Any(origin => origin.Joined == Joined.Applied) ? Joined.Applied : Joined.AlreadyKnown;
}

/// <summary>One origin of a join.</summary>
/// <param name="Name">Name under which it is held.</param>
/// <param name="Sequence">Version of its contribution.</param>
/// <param name="Weight">Weight of its outcomes in belief.</param>
/// <param name="Cells">Cells of the contribution.</param>
/// <param name="Joined">Whether it was new.</param>
public readonly record struct JoinedOrigin(string Name, long Sequence, double Weight, int Cells, Joined Joined);

/// <summary>An arm that only the other store has.</summary>
/// <param name="ArmId">Its id.</param>
/// <param name="Cells">Cells that were left out.</param>
/// <param name="Outcomes">Outcomes in them.</param>
public readonly record struct ArmLeftOut(string ArmId, int Cells, long Outcomes);
