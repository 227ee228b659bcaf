namespace Bandits.Storage.Journal;

/// <summary>How a journal is written.</summary>
public sealed class JournalOptions
{
    /// <summary>What an acknowledged outcome has been through.</summary>
    public Durability Durability { get; set; } = Durability.Interval;

    /// <summary>Longest time between flushes under <see cref="Durability.Interval"/>; [1 ms, 1 h], 100 ms unless told.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What happens to an outcome for which there is no room. Decisions never wait: theirs are dropped and counted.</summary>
    public BackPressure BackPressure { get; set; } = BackPressure.Wait;

    /// <summary>Bytes that may wait to be written; a power of two in [64 KiB, 1 GiB], 8 MiB unless told.</summary>
    public int QueueBytes { get; set; } = 8 << 20;

    /// <summary>Bytes of one file, allotted when it is begun; [1 MiB, 4 GiB] and no less than twice the queue's, 64 MiB unless told.</summary>
    public long SegmentBytes { get; set; } = 64 << 20;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(Durability)) faults.Add($"{nameof(Durability)} is {(int)Durability}; the allowed values are None, Interval, EachCommit.");
        if (!Enum.IsDefined(BackPressure)) faults.Add($"{nameof(BackPressure)} is {(int)BackPressure}; the allowed values are Wait, Drop.");
        if (FlushInterval < TimeSpan.FromMilliseconds(1) || FlushInterval > TimeSpan.FromHours(1)) faults.Add($"{nameof(FlushInterval)} is {FlushInterval}; the allowed range is [1 ms, 1 h].");
        if (QueueBytes is < 1 << 16 or > 1 << 30 || (QueueBytes & (QueueBytes - 1)) != 0) faults.Add($"{nameof(QueueBytes)} is {QueueBytes}; the allowed range is [65536, 1073741824], a power of two.");
        if (SegmentBytes < Math.Max(1 << 20, 2L * QueueBytes) || SegmentBytes > 4L << 30)
            faults.Add($"{nameof(SegmentBytes)} is {SegmentBytes}; the allowed range is [{Math.Max(1 << 20, 2L * QueueBytes)}, {4L << 30}].");
        if (faults.Count > 0) throw new ArgumentException($"The journal's options are invalid: {string.Join(" ", faults)}");
    }
}

/// <summary>What a journal has done since it was opened.</summary>
/// <param name="Appended">Bytes appended.</param>
/// <param name="Written">Of these, handed to the operating system.</param>
/// <param name="Flushed">Of these, on the device.</param>
/// <param name="Dropped">Frames for which there was no room.</param>
/// <param name="Faults">Times that writing or flushing failed.</param>
/// <param name="LastFault">The latest of these, while it lasts; null when the journal can be written.</param>
public readonly record struct JournalStatistics(long Appended, long Written, long Flushed, long Dropped, long Faults, string? LastFault);
