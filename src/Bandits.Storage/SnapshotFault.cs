namespace Bandits.Storage;

/// <summary>Why a snapshot cannot be read.</summary>
public enum SnapshotFault
{
    /// <summary>It does not begin like a snapshot.</summary>
    NotASnapshot,

    /// <summary>It was cut, changed, or holds what no router can have written.</summary>
    Damaged,

    /// <summary>A later version of this library wrote it; this one must not touch it.</summary>
    FutureVersion,
}
