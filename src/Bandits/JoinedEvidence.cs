namespace Bandits;

/// <summary>One cell of evidence from elsewhere: an import, or another instance.</summary>
/// <param name="Segment">Values of the segment, in the order of the router's dimensions.</param>
/// <param name="ArmId">Id of an arm of the router.</param>
/// <param name="Evidence">What was observed.</param>
public readonly record struct JoinedEvidence(ReadOnlyMemory<string?> Segment, string ArmId, Evidence Evidence);

/// <summary>What joining did.</summary>
public enum Joined
{
    /// <summary>The contribution was new, or newer than the one held, and is in force.</summary>
    Applied,

    /// <summary>A contribution of this sequence or a later one is in force already; nothing changed.</summary>
    AlreadyKnown,
}
