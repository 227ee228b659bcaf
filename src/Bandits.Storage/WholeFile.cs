namespace Bandits.Storage;

/// <summary>Writes a small file so that it is there whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes beside it, flushes, renames and flushes the directory.</summary>
    /// <param name="path">The file; there is none yet, unless it is to be replaced.</param>
    /// <param name="bytes">What it holds.</param>
    /// <param name="mode">Who may read and write it on Unix, from its creation on; null for the system's default.</param>
    /// <param name="replaces">Whether it takes the place of one that is there.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes, UnixFileMode? mode = null, bool replaces = false)
    {
        string aside = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (mode is not null && !OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        File.Delete(aside); // left by a crash; the mode of a file holds from its creation
        using (var file = new FileStream(aside, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path, replaces);
        DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
    }
}
