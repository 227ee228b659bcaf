using System.Runtime.InteropServices;
using System.Text;

namespace Bandits.Storage;

/// <summary>Makes renames in a directory durable. Unix needs its directory flushed for that; elsewhere the file system does it.</summary>
internal static class DirectoryFlush
{
    private const int InvalidArgument = 22; // EINVAL: this file system has no such flush
    private const int NotSupportedOnLinux = 95, NotSupportedOnMacOS = 45; // ENOTSUP

    /// <summary>Flushes a directory to the device where platform and file system have that.</summary>
    /// <exception cref="IOException">It was tried and failed: a name may not be on the device.</exception>
    public static void Flush(string directory)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return;
        int descriptor = Open(Encoding.UTF8.GetBytes(directory + '\0'), 0); // O_RDONLY
        if (descriptor < 0) return;
        int error = FSync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (error is not (0 or InvalidArgument or NotSupportedOnLinux or NotSupportedOnMacOS)) throw new IOException($"The directory '{directory}' could not be flushed: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
