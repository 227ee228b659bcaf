namespace Bandits.Journaling;

/// <summary>A decision as it stands in a journal, as far as replaying needs it.</summary>
internal struct DecisionEntry
{
    public Decision Decision;
    public ulong Session;

    /// <summary>The number that it was drawn by; decisions of one <see cref="BanditRouter.DecideTop"/> share theirs.</summary>
    public double Unit;

    /// <summary>Features of the request; null for none.</summary>
    public float[]? Features;

    /// <summary>Whether neither the request nor a spend cap left an arm out; true where an entry does not say.</summary>
    public bool IsForAllArms;

    /// <summary>Latest sequence when its slot was opened.</summary>
    public long Latest;

    /// <summary>What it booked under spend caps: keys of these, empty for nothing.</summary>
    public ulong[]? Caps;
    public ulong Tenant;
    public long ReservedNanoUsd;
}
