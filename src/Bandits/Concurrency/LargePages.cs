using System.Runtime.InteropServices;

namespace Bandits.Concurrency;

/// <summary>Asks the system to hold memory in large pages: what is touched at random over many megabytes else waits for the page's address before it waits for the memory.</summary>
internal static class LargePages
{
    private const nint PageBytes = 2 << 20;
    private const int Advice = 14; // MADV_HUGEPAGE

    /// <summary>A wish, for memory that nobody has touched yet; what is not wanted or not possible stays as it is.</summary>
    public static void AskFor(nint address, nint bytes)
    {
        if (!OperatingSystem.IsLinux()) return;
        nint first = (address + PageBytes - 1) & -PageBytes, end = (address + bytes) & -PageBytes;
        if (end > first) _ = Advise(first, end - first, Advice);
    }

    [DllImport("libc", EntryPoint = "madvise")]
    private static extern int Advise(nint address, nint bytes, int advice);
}
