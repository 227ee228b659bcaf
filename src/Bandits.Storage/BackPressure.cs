namespace Bandits.Storage;

/// <summary>What happens to an outcome, or a restart by hand, for which the journal has no room.</summary>
public enum BackPressure
{
    /// <summary><c>Record</c> and <c>Restart</c> wait; while the journal cannot be written at all, they throw and nothing changes.</summary>
    Wait = 0,

    /// <summary>The outcome or restart counts at once and is not kept; <see cref="StoreStatistics.Dropped"/> says how often.</summary>
    Drop = 1,
}
