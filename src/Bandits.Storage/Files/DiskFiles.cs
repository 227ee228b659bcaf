using Microsoft.Win32.SafeHandles;

namespace Bandits.Storage.Files;

/// <summary>The files of the operating system.</summary>
internal sealed class DiskFiles : IStoreFiles
{
    private DiskFiles()
    {
    }

    public static DiskFiles Instance { get; } = new();

    public IReadOnlyList<string> List(string directory, string ending) =>
        Directory.Exists(directory) ? Array.FindAll(Directory.GetFiles(directory), path => path.EndsWith(ending, StringComparison.Ordinal)) : [];

    public IStoreFile Open(string path, StoreFileMode mode, long allotted = 0) => new DiskFile(mode switch
    {
        StoreFileMode.Read => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete),
        StoreFileMode.Change => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete),
        _ => File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, FileOptions.None, allotted),
    });

    public bool Exists(string path) => File.Exists(path);

    public void CreateDirectory(string directory) => Directory.CreateDirectory(directory);

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);

    public void FlushDirectory(string directory) => DirectoryFlush.Flush(directory);

    private sealed class DiskFile(SafeFileHandle handle) : IStoreFile
    {
        public long Length
        {
            get => RandomAccess.GetLength(handle);
            set => RandomAccess.SetLength(handle, value);
        }

        public int Read(Span<byte> bytes, long at)
        {
            int count = 0;
            while (count < bytes.Length)
            {
                int read = RandomAccess.Read(handle, bytes[count..], at + count);
                if (read == 0) break;
                count += read;
            }

            return count;
        }

        public void Write(ReadOnlySpan<byte> bytes, long at) => RandomAccess.Write(handle, bytes, at);

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
