using Bandits.Storage.Files;
using Bandits.Storage.Journal;
using MessagePack;

namespace Bandits.Storage;

/// <summary>What a store says of the options it was last opened with.</summary>
/// <param name="Dimensions">Names of the segment's dimensions: the options must have these.</param>
/// <param name="Strategy">The strategy; <see cref="Strategy.Learning"/>, the default, where none was written down.</param>
public sealed record StoredSettings(IReadOnlyList<string> Dimensions, Strategy Strategy)
{
    private const string StrategyName = "strategy";

    /// <summary>Looks for them in the snapshot and the journal, which are not changed; null when the store holds neither.</summary>
    /// <exception cref="SnapshotException">The snapshot is of a future version.</exception>
    /// <exception cref="JournalException">The journal is of a future version.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static StoredSettings? Find(string directory)
    {
        string path = Path.GetFullPath(directory);
        StoredSettings? found = null;
        try
        {
            if (new SnapshotFile(Path.Combine(path, RouterStore.SnapshotName)).Load() is { } snapshot) found = new StoredSettings(snapshot.State.Dimensions, Strategy.Learning);
        }
        catch (SnapshotException e) when (e.Fault != SnapshotFault.FutureVersion)
        {
            // The journal may say it.
        }

        List<(long First, string Path)> segments = JournalArchive.Segments(path, DiskFiles.Instance);
        using var reader = new JournalReader(segments, DiskFiles.Instance, segments.Count == 0 ? 0 : segments[0].First);
        while (reader.TryRead(out _, out ReadOnlyMemory<byte> payload))
            if (TryRead(payload) is { } settings) found = found is null ? settings : found with { Strategy = settings.Strategy };
        return found;
    }

    /// <summary>Options with which the store can be read.</summary>
    public RouterOptions ToOptions() => new() { Dimensions = Dimensions, Strategy = Strategy };

    /// <summary>The settings in an entry; null when it tells of something else, or cannot be read.</summary>
    private static StoredSettings? TryRead(ReadOnlyMemory<byte> payload)
    {
        try
        {
            var reader = new EntryReader(payload);
            reader.Fields(EntryEncoder.WeightFields, "an entry");
            if (reader.Byte() != (byte)EntryKind.Settings) return null;
            reader.Int32();
            string[] dimensions = reader.Texts("dimensions");
            for (int pairs = reader.Count(1, "settings") / 2; pairs > 0; pairs--)
            {
                if (reader.Text("name") != StrategyName) reader.Skip(1);
                else if (Enum.TryParse(reader.OptionalText(), out Strategy strategy)) return new StoredSettings(dimensions, strategy);
            }

            return new StoredSettings(dimensions, Strategy.Learning);
        }
        catch (Exception e) when (e is JournalException or MessagePackSerializationException or EndOfStreamException or OverflowException or InvalidOperationException)
        {
            return null;
        }
    }
}
