namespace Bandits.Storage;

/// <summary>What happens to an outcome for which the journal has no room.</summary>
public enum BackPressure
{
    /// <summary><c>Record</c> waits; while the journal cannot be written at all, it throws and nothing changes.</summary>
    Wait = 0,

    /// <summary>The outcome counts at once and is not kept; <see cref="StoreStatistics.Dropped"/> says how often.</summary>
    Drop = 1,
}
