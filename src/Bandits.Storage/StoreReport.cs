using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Storage;

/// <summary>What is in a store, file by file, and what opening it would bring back. Reading it takes no lock and changes nothing.</summary>
public sealed class StoreReport
{
    /// <summary>Name of the store as an origin of evidence; null when it was never opened for writing.</summary>
    public required string? Name { get; init; }

    /// <summary>The snapshots there are, the newest first.</summary>
    public required IReadOnlyList<StoredSnapshot> Snapshots { get; init; }

    /// <summary>The journal's files by position, those in the archive first.</summary>
    public required IReadOnlyList<JournalFile> Journal { get; init; }

    /// <summary>What opening would bring back, and what not; null when something is of a future version.</summary>
    public required RecoveryReport? Recovery { get; init; }

    /// <summary>The state that opening would give, this reading itself among its openings as the last; null with <see cref="Recovery"/>.</summary>
    public required RouterState? State { get; init; }

    /// <summary>Where spending stood under the budget that the store was last opened with; null without a budget, and with <see cref="Recovery"/>.</summary>
    public SpendReport? Spending { get; init; }

    /// <summary>Where the spend caps stood that the store was last opened with; null with <see cref="Recovery"/>.</summary>
    public CapReport? Caps { get; init; }

    /// <summary>Changes of whole arms that the journal tells of since the snapshot, oldest first; at most 256.</summary>
    public IReadOnlyList<ArmChange> Changes { get; init; } = [];

    /// <summary>Whether something was written by a later version, which must not be touched.</summary>
    public bool IsOfFuture => Recovery is null;

    /// <summary>
    /// Whether every file is whole, and opening would use every entry. <see cref="RecoveryReport.Faults"/> are not judged: they may come from reading with other options than the
    /// store was written with.
    /// </summary>
    public bool IsClean =>
        Recovery is { LeftOut: 0, Damage.Count: 0 } && Snapshots.All(s => s.Condition == FileCondition.Whole) && Journal.All(f => f.Condition == FileCondition.Whole);

    /// <summary>Reads all of a store. While another process writes it, the end of the journal may look like a tail that was cut short.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file of its name is no name, or that of its key no key.</exception>
    /// <exception cref="InsufficientMemoryException">Its files ask for more cells than fit into three quarters of the memory that the process may use.</exception>
    public static StoreReport Read(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        string path = Path.GetFullPath(directory);
        if (!Directory.Exists(path)) throw new DirectoryNotFoundException($"There is no store '{directory}'.");
        return StoreInspection.Run(path, DiskFiles.Instance);
    }
}

/// <summary>Whether a file is as it was written.</summary>
public enum FileCondition
{
    /// <summary>It is.</summary>
    Whole = 0,

    /// <summary>Its end was cut short by a crash; all before is whole.</summary>
    TornTail = 1,

    /// <summary>Bytes in it were changed or lost, or it holds what cannot be used.</summary>
    Damaged = 2,

    /// <summary>A later version wrote it.</summary>
    FutureVersion = 3,
}

/// <summary>One generation of the snapshot.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Version">Version of its format; 0 when it cannot be told.</param>
/// <param name="Position">Position in the journal up to which it holds everything; -1 when it cannot be read.</param>
/// <param name="Condition">Whether it is whole.</param>
/// <param name="Fault">What is wrong with it, or null.</param>
public sealed record StoredSnapshot(string Path, long Bytes, int Version, long Position, FileCondition Condition, string? Fault);

/// <summary>One file of the journal.</summary>
/// <param name="Path">The file.</param>
/// <param name="IsArchived">Whether it is in the archive, where no recovery needs it.</param>
/// <param name="First">Position of its first frame.</param>
/// <param name="Bytes">Its length, room set aside included.</param>
/// <param name="Condition">Whether it is whole.</param>
/// <param name="Damage">Positions that no whole entry covers.</param>
/// <param name="Entries">Entries by what they tell.</param>
/// <param name="Unusable">Entries that are whole and cannot be read.</param>
/// <param name="Fault">What is wrong with it, or null.</param>
public sealed record JournalFile(
    string Path, bool IsArchived, long First, long Bytes, FileCondition Condition, IReadOnlyList<JournalDamage> Damage, IReadOnlyDictionary<string, long> Entries, long Unusable, string? Fault);
