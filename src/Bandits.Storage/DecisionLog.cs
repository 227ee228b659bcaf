using System.Text.Encodings.Web;
using System.Text.Json;
using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Storage;

/// <summary>The journal as text: every entry that the archive and the store hold, one JSON object a line, with a name for every field.</summary>
public static class DecisionLog
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes entries in the order of their positions. Takes no lock and changes nothing.</summary>
    /// <param name="directory">The store.</param>
    /// <param name="from">Position of the first entry, 0 or more.</param>
    /// <param name="most">Most entries, 0 or more.</param>
    /// <param name="output">Where to.</param>
    /// <returns>Entries written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    /// <exception cref="JournalException">A file is of a future version.</exception>
    /// <exception cref="IOException">A file cannot be read, or the output not be written.</exception>
    public static long Write(string directory, long from, long most, Stream output)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        ArgumentNullException.ThrowIfNull(output);
        string path = Path.GetFullPath(directory);
        List<(long First, string Path)> segments =
            [.. JournalArchive.Segments(Path.Combine(path, JournalArchive.Folder), DiskFiles.Instance), .. JournalArchive.Segments(path, DiskFiles.Instance)];
        segments.Sort();
        using var reader = new JournalReader(segments, DiskFiles.Instance, from);
        using var json = new Utf8JsonWriter(output, Options);
        long written = 0;
        for (; written < most && reader.TryRead(out long position, out ReadOnlyMemory<byte> payload); written++)
        {
            EntryText.Write(json, position, payload);
            json.Flush();
            output.WriteByte((byte)'\n');
            json.Reset();
        }

        return written;
    }
}
