namespace Bandits.History;

/// <summary>The file <c>records.jsonl</c>: raw accepted lines, each with a line end; one writer, any number of readers.</summary>
internal sealed class RecordLog : IDisposable
{
    public const string FileName = "records.jsonl", LockName = "records.lock";

    private readonly FileStream? _lock;
    private readonly FileStream? _file;

    private RecordLog(string path, FileStream? writerLock, FileStream? file)
    {
        Path = path;
        _lock = writerLock;
        _file = file;
    }

    public string Path { get; }

    public bool IsWritable => _file is not null;

    /// <summary>Opens the log for writing and takes the writer's lock.</summary>
    /// <exception cref="IOException">Somebody else writes to the store, or the directory cannot be used.</exception>
    public static RecordLog OpenWriter(string directory)
    {
        Directory.CreateDirectory(directory);
        FileStream writerLock;
        try
        {
            writerLock = new FileStream(System.IO.Path.Combine(directory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0);
        }
        catch (IOException e)
        {
            throw new IOException($"The history in '{directory}' is open for writing elsewhere; one writer at a time.", e);
        }

        try
        {
            string path = System.IO.Path.Combine(directory, FileName);
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 128 << 10);
            return new RecordLog(path, writerLock, file);
        }
        catch
        {
            writerLock.Dispose();
            throw;
        }
    }

    /// <summary>Names the log without taking the lock; there may be none.</summary>
    public static RecordLog OpenReader(string directory) => new(System.IO.Path.Combine(directory, FileName), null, null);

    /// <summary>Opens the log for reading, or null when there is none.</summary>
    public FileStream? OpenRead() =>
        File.Exists(Path) ? new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0, FileOptions.SequentialScan) : null;

    /// <summary>
    /// Makes the log end with a line end after a crash in the middle of an append: a last line that is whole gets its line end, any other is cut off.
    /// A part of a JSON object is never a whole one. Returns the bytes cut.
    /// </summary>
    public long MendTail()
    {
        FileStream file = _file!;
        long lineStart = LastLineStart(file);
        long torn = file.Length - lineStart;
        if (torn > 0)
        {
            bool isWhole = false;
            if (torn <= HistoryLimits.LineBytes)
            {
                var line = new byte[torn];
                file.Position = lineStart;
                file.ReadExactly(line);
                isWhole = new RecordParser().TryParse(line, out _);
            }

            if (isWhole)
            {
                file.Position = file.Length;
                file.WriteByte((byte)'\n');
                torn = 0;
            }
            else
            {
                file.SetLength(lineStart);
            }

            file.Flush(flushToDisk: true);
        }

        file.Position = file.Length;
        return torn;
    }

    /// <summary>Appends one line and its line end; returns where it starts.</summary>
    public long Append(ReadOnlySpan<byte> line)
    {
        long position = _file!.Position;
        _file.Write(line);
        _file.WriteByte((byte)'\n');
        return position;
    }

    /// <summary>Hands everything to the operating system and, if asked, waits until the device has it.</summary>
    public void Flush(bool toDevice) => _file?.Flush(toDevice);

    public void Dispose()
    {
        try
        {
            _file?.Dispose();
        }
        finally
        {
            _lock?.Dispose();
        }
    }

    private static long LastLineStart(FileStream file)
    {
        var chunk = new byte[64 << 10];
        for (long end = file.Length; end > 0;)
        {
            int length = (int)Math.Min(chunk.Length, end);
            file.Position = end - length;
            file.ReadExactly(chunk.AsSpan(0, length));
            int at = chunk.AsSpan(0, length).LastIndexOf((byte)'\n');
            if (at >= 0) return end - length + at + 1;
            end -= length;
        }

        return 0;
    }
}
