namespace Bandits.Storage;

/// <summary>What a store has done since it was opened.</summary>
/// <param name="Appended">Bytes of journal appended.</param>
/// <param name="Written">Of these, handed to the operating system.</param>
/// <param name="Flushed">Of these, on the device.</param>
/// <param name="Dropped">Entries for which there was no room: decisions, and under <see cref="BackPressure.Drop"/> outcomes and restarts by hand.</param>
/// <param name="Faults">Times that writing or flushing failed.</param>
/// <param name="LastFault">The latest of these while it lasts, or why the latest snapshot could not be saved; null when all is well.</param>
/// <param name="Snapshots">Snapshots saved.</param>
public readonly record struct StoreStatistics(long Appended, long Written, long Flushed, long Dropped, long Faults, string? LastFault, long Snapshots);
