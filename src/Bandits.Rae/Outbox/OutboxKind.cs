namespace Bandits.Rae.Outbox;

/// <summary>What waits to be sent; the first byte of its frame.</summary>
internal enum OutboxKind : byte
{
    /// <summary>Part of a window of evidence: worthless once a newer chain begins.</summary>
    Evidence = 1,

    /// <summary>Record of one decision.</summary>
    Record = 2,
}
