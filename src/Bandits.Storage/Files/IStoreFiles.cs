namespace Bandits.Storage.Files;

/// <summary>The files of a store, as far as durability goes: what a test replaces to lose what was not flushed.</summary>
internal interface IStoreFiles
{
    /// <summary>Paths of the files in a directory whose name ends so, in no order; none where there is no such directory.</summary>
    IReadOnlyList<string> List(string directory, string ending);

    /// <summary>Opens a file, or creates one that must not be there, with room set aside on the device for so many bytes.</summary>
    /// <exception cref="IOException">It cannot be created or opened.</exception>
    IStoreFile Open(string path, StoreFileMode mode, long allotted = 0);

    /// <summary>Whether there is a file of this name.</summary>
    bool Exists(string path);

    /// <summary>Creates a directory unless it is there.</summary>
    void CreateDirectory(string directory);

    /// <summary>Renames a file, replacing another.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file; nothing happens when there is none.</summary>
    void Delete(string path);

    /// <summary>Makes what was created, renamed and deleted in a directory durable.</summary>
    void FlushDirectory(string directory);
}

/// <summary>How a file is opened.</summary>
internal enum StoreFileMode
{
    /// <summary>To read.</summary>
    Read,

    /// <summary>To read and write one that is there.</summary>
    Change,

    /// <summary>To read and write one that is not there yet.</summary>
    Create,
}

/// <summary>An open file; places are bytes from its beginning.</summary>
internal interface IStoreFile : IDisposable
{
    /// <summary>Bytes in it.</summary>
    long Length { get; set; }

    /// <summary>Reads up to the span's length; fewer only at the end of the file.</summary>
    int Read(Span<byte> bytes, long at);

    /// <summary>Writes all of it.</summary>
    void Write(ReadOnlySpan<byte> bytes, long at);

    /// <summary>Returns when everything written is on the device.</summary>
    void Flush();
}
