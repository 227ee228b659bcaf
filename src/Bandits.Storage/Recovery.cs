using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Storage;

/// <summary>Brings a router back: the newest valid snapshot, and what the journal tells since. Changes no file.</summary>
internal sealed class Recovery
{
    private Recovery(BanditRouter router) => Router = router;

    public BanditRouter Router { get; }

    public required RecoveryReport Report { get; init; }

    /// <summary>Position of the snapshot that was used, -1 for none.</summary>
    public required long SnapshotPosition { get; init; }

    /// <summary>First position of the journal's last file if it is whole up to where the journal ends; -1 if it is not, or there is none.</summary>
    public required long Unfinished { get; init; }

    /// <summary>The last file and how many of its bytes are good, when something follows them that is of no use.</summary>
    public required (string Path, long Bytes)? Torn { get; init; }

    /// <summary>Whether the last writer came to its end; what a killed one wrote was read, and may still not be on the device.</summary>
    public required bool IsClosed { get; init; }

    /// <summary>As <see cref="Run"/>, while another process may be writing the store, for a router with ids of its own.</summary>
    public static Recovery Read(string directory, RouterOptions options, IStoreFiles files)
    {
        RouterOptions own = options.Clone();
        own.Incarnation = RouterStore.FreshIncarnation();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                Recovery read = Run(directory, own, files, new SnapshotFile(Path.Combine(directory, RouterStore.SnapshotName), files));
                bool isBeginningGone = read.Report.Damage.Count > 0 && read.Report.Damage[0] is { IsTail: false } first && first.From == read.Report.From;
                if (!isBeginningGone || attempt == 3) return read; // else files may have been archived between reading the snapshot and listing them
            }
            catch (FileNotFoundException) when (attempt < 3)
            {
                // A file was archived between listing and opening it; the snapshot that allowed that is there by now.
            }
        }
    }

    /// <exception cref="SnapshotException">A snapshot is of a future version.</exception>
    /// <exception cref="JournalException">The journal is of a future version.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">The options are invalid, or their dimensions are not those of the store.</exception>
    public static Recovery Run(string directory, RouterOptions options, IStoreFiles files, SnapshotFile snapshotFile)
    {
        var faults = new List<string>();
        LoadedSnapshot? snapshot = null;
        try
        {
            snapshot = snapshotFile.Load();
            if (snapshot?.Fault is { } fault) faults.Add(fault);
        }
        catch (SnapshotException e) when (e.Fault != SnapshotFault.FutureVersion)
        {
            faults.Add(e.Message);
        }

        BanditRouter router = BanditRouter.Replaying(options, snapshot?.State, faults);
        long from = snapshot?.State.Position ?? 0, end = from;
        foreach (SegmentState segment in snapshot?.State.Segments ?? []) end = Math.Max(end, segment.Position);
        var replay = new EntryReplay(router, [.. options.Dimensions]);
        using var reader = new JournalReader(directory, files, from);
        while (reader.TryRead(out long position, out ReadOnlyMemory<byte> payload)) replay.Take(payload, position + Frame.SizeOf(payload.Length));
        router.EndReplay(options, faults);
        faults.AddRange(replay.Faults);
        long entries = 0;
        foreach (EntryKind kind in Enum.GetValues<EntryKind>()) entries += replay.CountOf(kind);
        bool isTorn = reader.Damage.Count > 0 && reader.Damage[^1].IsTail;

        // A snapshot may hold entries that the journal lost; positions must not be given twice.
        long to = Math.Max(reader.Position, (end + Frame.Alignment - 1) & -Frame.Alignment);
        return new Recovery(router)
        {
            Report = new RecoveryReport
            {
                Snapshot = snapshot is null ? SnapshotUsed.None : snapshot.IsPrevious ? SnapshotUsed.Previous : SnapshotUsed.Newest,
                From = from,
                To = to,
                Entries = entries,
                Decisions = replay.CountOf(EntryKind.Decision),
                Outcomes = replay.CountOf(EntryKind.Outcome),
                LeftOut = replay.LeftOut,
                Damage = reader.Damage,
                Faults = faults,
            },
            SnapshotPosition = snapshot?.State.Position ?? -1,
            Unfinished = !isTorn && reader.IsLastWhole && to == reader.Position && reader.Last is { } last && JournalSegment.FirstIn(last.Path) <= to ? JournalSegment.FirstIn(last.Path) : -1,
            IsClosed = reader.IsClosed,
            Torn = isTorn ? reader.Last : null,
        };
    }
}
