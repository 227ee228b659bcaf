using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Storage;

/// <summary>Makes a damaged store whole. At every moment a crash leaves a store that opens with as much as could be read at first.</summary>
internal static class StoreRepair
{
    /// <summary>Folder of the files that were damaged.</summary>
    private const string Folder = "damaged";

    /// <inheritdoc cref="RouterStore.Repair"/>
    public static RepairReport Run(string directory, RouterOptions options, RouterStoreOptions storeOptions, TimeProvider clock)
    {
        if (!Directory.Exists(directory)) throw new DirectoryNotFoundException($"There is no store '{directory}'.");
        using StoreLock held = StoreLock.Acquire(directory, storeOptions.LockWait, clock);
        StoreReport before = StoreInspection.Run(directory, DiskFiles.Instance, options.MaxRestoredCells);
        if (FutureFault(before) is { } fault) throw new JournalException(fault);
        var moved = new List<string>();

        // Opening cuts a torn tail and saving puts a damaged snapshot aside, so these are kept first.
        foreach (JournalFile file in before.Journal)
            if (file is { Condition: FileCondition.TornTail, IsArchived: false }) moved.Add(Keep(directory, file.Path, isCopied: true));
        foreach (StoredSnapshot snapshot in before.Snapshots)
            if (snapshot.Condition == FileCondition.Damaged) moved.Add(Keep(directory, snapshot.Path, isCopied: false));
        Save(directory, options, storeOptions, clock, held);

        // The snapshot just saved holds all that the journal told.
        foreach (JournalFile file in before.Journal)
            if (IsMoved(file)) moved.Add(Keep(directory, File.Exists(file.Path) ? file.Path : InArchive(directory, file.Path), isCopied: false));
        Save(directory, options, storeOptions, clock, held);
        return new RepairReport { Before = before, Moved = moved };
    }

    private static bool IsMoved(JournalFile file) => file.Condition == FileCondition.Damaged || file is { Condition: FileCondition.TornTail, IsArchived: true };

    private static string? FutureFault(StoreReport report)
    {
        foreach (StoredSnapshot snapshot in report.Snapshots)
            if (snapshot.Condition == FileCondition.FutureVersion) return snapshot.Fault;
        foreach (JournalFile file in report.Journal)
            if (file.Condition == FileCondition.FutureVersion) return file.Fault;
        return null;
    }

    private static void Save(string directory, RouterOptions options, RouterStoreOptions storeOptions, TimeProvider clock, StoreLock held)
    {
        using RouterStore store = RouterStore.Open(directory, options, storeOptions, clock, held);
        store.SaveSnapshot();
    }

    private static string InArchive(string directory, string path) => Path.Combine(directory, JournalArchive.Folder, Path.GetFileName(path));

    /// <summary>Moves or copies a file to the folder of damaged ones, under a name that is free; returns the path there.</summary>
    private static string Keep(string directory, string path, bool isCopied)
    {
        string folder = Path.Combine(directory, Folder), name = Path.Combine(folder, Path.GetFileName(path)), free = name;
        Directory.CreateDirectory(folder);
        for (int i = 1; File.Exists(free); i++) free = $"{name}.{i}";
        if (isCopied) File.Copy(path, free);
        else File.Move(path, free);
        DirectoryFlush.Flush(folder);
        DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
        return free;
    }
}
