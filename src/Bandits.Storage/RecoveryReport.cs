using Bandits.Storage.Journal;

namespace Bandits.Storage;

/// <summary>What opening a store found, and what it could not use. Nothing here keeps a router from deciding.</summary>
public sealed class RecoveryReport
{
    /// <summary>Whether there was a snapshot, and of which generation.</summary>
    public required SnapshotUsed Snapshot { get; init; }

    /// <summary>Position in the journal from which entries were taken in.</summary>
    public required long From { get; init; }

    /// <summary>Position after the last entry.</summary>
    public required long To { get; init; }

    /// <summary>Entries taken in.</summary>
    public required long Entries { get; init; }

    /// <summary>Of these, decisions.</summary>
    public required long Decisions { get; init; }

    /// <summary>Of these, outcomes.</summary>
    public required long Outcomes { get; init; }

    /// <summary>Entries that were whole and could not be used; <see cref="Faults"/> names the first of them.</summary>
    public required long LeftOut { get; init; }

    /// <summary>Bytes that no whole entry covers: a tail cut short by a crash, or damage in the middle.</summary>
    public required IReadOnlyList<JournalDamage> Damage { get; init; }

    /// <summary>What could not be restored, in words.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Whether everything was whole: nothing left out, nothing passed over, no fault.</summary>
    public bool IsClean => LeftOut == 0 && Damage.Count == 0 && Faults.Count == 0;
}

/// <summary>Which snapshot a store was opened from.</summary>
public enum SnapshotUsed
{
    /// <summary>There was none that could be used.</summary>
    None = 0,

    /// <summary>The newest.</summary>
    Newest = 1,

    /// <summary>The one before it, because the newest was missing or damaged.</summary>
    Previous = 2,
}
