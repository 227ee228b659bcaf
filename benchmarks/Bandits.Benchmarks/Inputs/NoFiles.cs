using Bandits.Storage.Files;

namespace Bandits.Benchmarks.Inputs;

/// <summary>Files that take everything and keep nothing, so that a journal's cost to its callers can be told from the disk's.</summary>
internal sealed class NoFiles : IStoreFiles
{
    public IReadOnlyList<string> List(string directory, string ending) => [];

    public IStoreFile Open(string path, StoreFileMode mode, long allotted = 0) => new NoFile();

    public bool Exists(string path) => false;

    public void CreateDirectory(string directory)
    {
    }

    public void Rename(string from, string to)
    {
    }

    public void Delete(string path)
    {
    }

    public void FlushDirectory(string directory)
    {
    }

    private sealed class NoFile : IStoreFile
    {
        public long Length { get; set; }

        public int Read(Span<byte> bytes, long at) => 0;

        public void Write(ReadOnlySpan<byte> bytes, long at)
        {
        }

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}
