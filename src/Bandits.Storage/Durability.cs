namespace Bandits.Storage;

/// <summary>What an acknowledged outcome has been through.</summary>
public enum Durability
{
    /// <summary>Handed to the operating system soon after: a killed process may lose the last moments, a power failure everything since the last snapshot.</summary>
    None = 0,

    /// <summary>As <see cref="None"/>, and flushed to the device at least every <see cref="RouterStoreOptions.FlushInterval"/>: a power failure loses no more than that.</summary>
    Interval = 1,

    /// <summary>On the device before <c>Record</c> returns; outcomes reported at the same time share one flush. Nothing acknowledged is lost.</summary>
    EachCommit = 2,
}
