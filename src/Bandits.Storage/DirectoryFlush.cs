using System.Runtime.InteropServices;
using System.Text;

namespace Bandits.Storage;

/// <summary>Makes renames in a directory durable. Unix needs its directory flushed for that; elsewhere the file system does it.</summary>
internal static class DirectoryFlush
{
    /// <summary>Flushes a directory to the device where the platform allows; a refusal is not an error, since the files themselves are flushed.</summary>
    public static void Flush(string directory)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return;
        int descriptor = Open(Encoding.UTF8.GetBytes(directory + '\0'), 0); // O_RDONLY
        if (descriptor < 0) return;
        _ = FSync(descriptor);
        _ = Close(descriptor);
    }

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
