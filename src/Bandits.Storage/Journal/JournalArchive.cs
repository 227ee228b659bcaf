using Bandits.Storage.Files;

namespace Bandits.Storage.Journal;

/// <summary>Moves files of the journal that no recovery needs any more out of the way, and deletes the oldest beyond a size.</summary>
internal static class JournalArchive
{
    public const string Folder = "archive";

    /// <summary>Archives every file that ends at or before a position, and holds the archive to a size.</summary>
    public static void Move(string directory, IStoreFiles files, long before, long most)
    {
        List<(long First, string Path)> segments = Segments(directory, files);
        string archive = System.IO.Path.Combine(directory, Folder);
        bool isMoved = false;
        for (int i = 0; i + 1 < segments.Count && segments[i + 1].First <= before; i++)
        {
            if (!EndsBefore(files, segments[i], segments[i + 1], before)) break;
            if (most == 0)
            {
                files.Delete(segments[i].Path);
            }
            else
            {
                files.CreateDirectory(archive);
                files.Rename(segments[i].Path, System.IO.Path.Combine(archive, System.IO.Path.GetFileName(segments[i].Path)));
            }

            isMoved = true;
        }

        if (isMoved)
        {
            if (most > 0) files.FlushDirectory(archive); // the new names before the old ones are gone for good
            files.FlushDirectory(directory);
        }

        List<(long First, string Path)> kept = Segments(archive, files);
        long total = 0;
        for (int i = kept.Count - 1; i >= 0; i--)
        {
            using (IStoreFile file = files.Open(kept[i].Path, StoreFileMode.Read)) total += file.Length;
            if (total > most) files.Delete(kept[i].Path);
        }
    }

    /// <summary>Whether nothing from a position on stands in a file: it is no longer than that, or the next one, which is not empty, took over.</summary>
    private static bool EndsBefore(IStoreFiles files, (long First, string Path) segment, (long First, string Path) next, long before)
    {
        Span<byte> header = stackalloc byte[Frame.HeaderBytes];
        using (IStoreFile file = files.Open(next.Path, StoreFileMode.Read))
            if (file.Read(header, JournalSegment.HeaderBytes) == header.Length && Frame.LengthAt(next.First, header) > 0) return true;
        using IStoreFile own = files.Open(segment.Path, StoreFileMode.Read);
        return segment.First + own.Length - JournalSegment.HeaderBytes <= before;
    }

    /// <summary>The journal's files in a directory, by position.</summary>
    public static List<(long First, string Path)> Segments(string directory, IStoreFiles files)
    {
        var segments = new List<(long First, string Path)>();
        foreach (string path in files.List(directory, JournalSegment.Ending))
            if (JournalSegment.FirstIn(path) is >= 0 and var first) segments.Add((first, path));
        segments.Sort();
        return segments;
    }
}
