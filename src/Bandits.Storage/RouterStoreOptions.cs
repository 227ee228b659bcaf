namespace Bandits.Storage;

/// <summary>How a store keeps what a router decides and learns.</summary>
public sealed class RouterStoreOptions
{
    /// <summary>What an acknowledged outcome has been through.</summary>
    /// <value><see cref="Durability.Interval"/></value>
    public Durability Durability { get; set; } = Durability.Interval;

    /// <summary>Longest time between flushes under <see cref="Durability.Interval"/>, in [1 ms, 1 h].</summary>
    /// <value>100 ms</value>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What happens to an outcome, or a restart by hand, for which there is no room. Decisions never wait: theirs are dropped and counted.</summary>
    /// <value><see cref="BackPressure.Wait"/></value>
    public BackPressure BackPressure { get; set; } = BackPressure.Wait;

    /// <summary>Bytes that may wait to be written, a power of two in [64 KiB, 1 GiB]; held in memory.</summary>
    /// <value>8 MiB</value>
    public int QueueBytes { get; set; } = 8 << 20;

    /// <summary>Bytes of one file of the journal, set aside when it is begun; in [1 MiB, 4 GiB], no less than twice <see cref="QueueBytes"/>.</summary>
    /// <value>64 MiB</value>
    public long SegmentBytes { get; set; } = 64 << 20;

    /// <summary>Bytes of journal after which a snapshot is saved in the background, when a file is full; 0 or more, 0 for never.</summary>
    /// <value>256 MiB: what is read again in about a second</value>
    public long SnapshotBytes { get; set; } = 256 << 20;

    /// <summary>
    /// Bytes of journal files older than both snapshots that are kept in the folder <c>archive</c>, for evaluation; the oldest go first. 0 or more; 0 deletes them at once.
    /// </summary>
    /// <value>16 GiB</value>
    public long ArchiveBytes { get; set; } = 16L << 30;

    /// <summary>How long to wait for another writer to leave the store, 0 or more.</summary>
    /// <value>10 s</value>
    public TimeSpan LockWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Incarnation of the router's decision ids; null for a fresh random one at every opening, which keeps ids unique. For reproducible runs only.</summary>
    /// <value>null</value>
    public ulong? Incarnation { get; set; }

    /// <summary>How long the journal rests before it tries again what the disk refused.</summary>
    internal TimeSpan RetryPause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Every fault of these options, each naming the thing, its value and the allowed range; empty when they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(Durability)) faults.Add($"{nameof(Durability)} is {(int)Durability}; the allowed values are None, Interval, EachCommit.");
        if (!Enum.IsDefined(BackPressure)) faults.Add($"{nameof(BackPressure)} is {(int)BackPressure}; the allowed values are Wait, Drop.");
        if (FlushInterval < TimeSpan.FromMilliseconds(1) || FlushInterval > TimeSpan.FromHours(1)) faults.Add($"{nameof(FlushInterval)} is {FlushInterval}; the allowed range is [1 ms, 1 h].");
        if (QueueBytes is < 1 << 16 or > 1 << 30 || !int.IsPow2(QueueBytes)) faults.Add($"{nameof(QueueBytes)} is {QueueBytes}; the allowed range is [65536, 1073741824], a power of two.");
        if (SegmentBytes < Math.Max(1 << 20, 2L * QueueBytes) || SegmentBytes > 4L << 30)
            faults.Add($"{nameof(SegmentBytes)} is {SegmentBytes}; the allowed range is [{Math.Max(1 << 20, 2L * QueueBytes)}, {4L << 30}].");
        if (SnapshotBytes < 0) faults.Add($"{nameof(SnapshotBytes)} is {SnapshotBytes}; the allowed range is 0 or more.");
        if (ArchiveBytes < 0) faults.Add($"{nameof(ArchiveBytes)} is {ArchiveBytes}; the allowed range is 0 or more.");
        if (LockWait < TimeSpan.Zero) faults.Add($"{nameof(LockWait)} is {LockWait}; the allowed range is 0 or more.");
        if (Incarnation == 0) faults.Add($"{nameof(Incarnation)} is 0; any other number is allowed.");
        return faults;
    }
}
