using Bandits.Storage;

namespace Bandits.Cli.Stores;

/// <summary>Bytes of a store by what they are for.</summary>
internal readonly record struct StoreSize(long Snapshots, long Journal, long Archive)
{
    public static StoreSize Of(string directory)
    {
        var archive = new DirectoryInfo(Path.Combine(directory, "archive"));
        return new StoreSize(
            Sum(new DirectoryInfo(directory), RouterStore.SnapshotName + "*"), Sum(new DirectoryInfo(directory), "*.journal"), archive.Exists ? Sum(archive, "*.journal") : 0);
    }

    private static long Sum(DirectoryInfo directory, string pattern) => directory.EnumerateFiles(pattern).Sum(file => file.Length);
}
