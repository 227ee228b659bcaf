namespace Bandits.Reliability.Kills;

/// <summary>What was seen after writers were killed.</summary>
internal sealed class KillCounts
{
    public long Writers { get; set; }

    public long Acknowledged { get; set; }

    /// <summary>Acknowledged after the last flush that returned, and gone: what the durability allows.</summary>
    public long Missing { get; set; }

    public long Added { get; set; }

    public long FromPrevious { get; set; }

    public long TornTails { get; set; }
}
