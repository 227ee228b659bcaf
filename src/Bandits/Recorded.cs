namespace Bandits;

/// <summary>What recording an outcome did. Only invalid input throws; repeated and late reports are normal traffic.</summary>
public enum Recorded
{
    /// <summary>New parts were counted.</summary>
    Applied,

    /// <summary>A higher revision took earlier parts back and was counted instead.</summary>
    Corrected,

    /// <summary>Every part had been counted already, at this or a higher revision; nothing changed.</summary>
    AlreadyKnown,

    /// <summary>The decision is older than the ledger's horizon; nothing changed.</summary>
    BeyondHorizon,

    /// <summary>The decision was made shortly before a crash that lost it, as the journal's durability allows; nothing changed.</summary>
    Lost,
}
