using System.Buffers.Binary;
using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Storage;

/// <summary>Reads everything in a store, also what no recovery would read: both snapshots, the whole journal, the archive.</summary>
internal sealed class StoreInspection
{
    private const int VersionAt = 8;

    private readonly string _directory;
    private readonly IStoreFiles _files;
    private readonly int? _maxCells;

    private StoreInspection(string directory, IStoreFiles files, int? maxCells) => (_directory, _files, _maxCells) = (directory, files, maxCells);

    /// <inheritdoc cref="StoreReport.Read"/>
    public static StoreReport Run(string directory, IStoreFiles files, int? maxCells = null)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return new StoreInspection(directory, files, maxCells).Read();
            }
            catch (FileNotFoundException) when (attempt < 3)
            {
                // A file was archived between listing and opening it.
            }
        }
    }

    private StoreReport Read()
    {
        var snapshotFile = new SnapshotFile(Path.Combine(_directory, RouterStore.SnapshotName), _files);
        StoredSnapshot[] snapshots = [.. ReadSnapshot(snapshotFile.Path), .. ReadSnapshot(snapshotFile.PreviousPath)];
        List<JournalFile> journal = [.. ReadJournal(Path.Combine(_directory, JournalArchive.Folder), isArchived: true), .. ReadJournal(_directory, isArchived: false)];
        bool isOfFuture = snapshots.Any(s => s.Condition == FileCondition.FutureVersion) || journal.Any(f => f is { Condition: FileCondition.FutureVersion, IsArchived: false });
        RouterOptions options = isOfFuture ? new RouterOptions() : StoredSettings.Find(_directory)?.ToOptions() ?? new RouterOptions();
        options.MaxRestoredCells = _maxCells;
        Recovery? recovery = isOfFuture ? null : Recovery.Read(_directory, options, _files);
        return new StoreReport
        {
            Name = StoreName.Find(_directory),
            Snapshots = snapshots,
            Journal = journal,
            Recovery = recovery?.Report,
            State = recovery?.Router.CaptureState(),
            Spending = recovery?.Router.Spending is { UsdPerDecision: not null } spending ? spending : null,
            Caps = recovery?.Router.ReadCaps(),
            Changes = recovery?.Router.Changes ?? [],
        };
    }

    private StoredSnapshot[] ReadSnapshot(string path)
    {
        if (!_files.Exists(path)) return [];
        byte[] bytes;
        long length;
        using (IStoreFile file = _files.Open(path, StoreFileMode.Read))
        {
            length = file.Length;
            bytes = new byte[Math.Min(length, RouterSnapshot.MaxBytes)];
            if (file.Read(bytes, 0) is var read && read < bytes.Length) Array.Resize(ref bytes, read);
        }

        int version = bytes.Length < RouterSnapshot.HeaderBytes ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(VersionAt));
        try
        {
            RouterState state = RouterSnapshot.FromBytes(bytes);
            return [new StoredSnapshot(path, length, version, state.Position, FileCondition.Whole, null)];
        }
        catch (SnapshotException e)
        {
            bool isOfFuture = e.Fault == SnapshotFault.FutureVersion;
            return [new StoredSnapshot(path, length, isOfFuture ? version : 0, -1, isOfFuture ? FileCondition.FutureVersion : FileCondition.Damaged, e.Message)];
        }
    }

    private List<JournalFile> ReadJournal(string folder, bool isArchived)
    {
        var found = new List<(long First, string Path, long Bytes, string? Future)>();
        foreach ((long first, string path) in JournalArchive.Segments(folder, _files)) found.Add(Look(first, path));
        List<(long First, string Path)> readable = [.. found.Where(file => file.Future is null).Select(file => (file.First, file.Path))];
        var replays = new Dictionary<string, EntryReplay>();
        using var reader = new JournalReader(readable, _files, readable.Count == 0 ? 0 : readable[0].First);
        while (reader.TryRead(out long position, out ReadOnlyMemory<byte> payload))
        {
            string path = reader.Last!.Value.Path;
            if (!replays.TryGetValue(path, out EntryReplay? replay)) replays.Add(path, replay = new EntryReplay(null, []));
            replay.Take(payload, position + Frame.SizeOf(payload.Length));
        }

        var damage = reader.Damage.ToLookup(d => PlaceOf(d, found));
        return [.. found.Select(file => Describe(file, isArchived, [.. damage[file.Path]], replays.GetValueOrDefault(file.Path)))];
    }

    private (long First, string Path, long Bytes, string? Future) Look(long first, string path)
    {
        Span<byte> header = stackalloc byte[JournalSegment.HeaderBytes];
        using IStoreFile file = _files.Open(path, StoreFileMode.Read);
        int read = file.Read(header, 0);
        try
        {
            _ = JournalSegment.TryRead(header[..read], path, out _);
            return (first, path, file.Length, null);
        }
        catch (JournalException e)
        {
            return (first, path, file.Length, e.Message);
        }
    }

    /// <summary>The file in which damage begins; "" where there is none, because a file is missing. The reader names the one in which it found the way again.</summary>
    private static string PlaceOf(JournalDamage damage, List<(long First, string Path, long Bytes, string? Future)> files)
    {
        for (int i = files.Count - 1; i >= 0; i--)
        {
            long end = files[i].First + files[i].Bytes - JournalSegment.HeaderBytes;
            if (files[i].First <= damage.From && (damage.From < end || files[i].Path == damage.Path)) return files[i].Path;
        }

        return "";
    }

    private static JournalFile Describe((long First, string Path, long Bytes, string? Future) file, bool isArchived, JournalDamage[] damage, EntryReplay? replay)
    {
        var entries = new Dictionary<string, long>();
        foreach (EntryKind kind in Enum.GetValues<EntryKind>())
            if (replay?.CountOf(kind) is > 0 and var count) entries.Add(EntryFields.NameOf(kind), count);
        long unusable = replay?.LeftOut ?? 0;
        FileCondition condition = file.Future is not null ? FileCondition.FutureVersion
            : unusable > 0 || damage.Any(d => !d.IsTail) ? FileCondition.Damaged
            : damage.Length > 0 ? FileCondition.TornTail : FileCondition.Whole;
        return new JournalFile(file.Path, isArchived, file.First, file.Bytes, condition, damage, entries, unusable, file.Future ?? replay?.Faults.FirstOrDefault());
    }
}
