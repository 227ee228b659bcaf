namespace Bandits.Storage.Journal;

/// <summary>What an acknowledged outcome has been through.</summary>
public enum Durability
{
    /// <summary>Handed to the operating system soon after: a killed process may lose the last moments, a power failure everything since the last snapshot.</summary>
    None = 0,

    /// <summary>As <see cref="None"/>, and flushed to the device at least every <see cref="JournalOptions.FlushInterval"/>: a power failure loses no more than that.</summary>
    Interval = 1,

    /// <summary>On the device before <c>Record</c> returns; outcomes reported at the same time share one flush. Nothing acknowledged is lost.</summary>
    EachCommit = 2,
}

/// <summary>What happens to an outcome for which the journal has no room.</summary>
public enum BackPressure
{
    /// <summary><c>Record</c> waits; while the journal cannot be written at all, it throws and nothing changes.</summary>
    Wait = 0,

    /// <summary>The outcome counts at once and is not kept; <see cref="JournalStatistics.Dropped"/> says how often.</summary>
    Drop = 1,
}
