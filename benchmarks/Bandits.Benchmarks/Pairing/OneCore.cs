using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;

namespace Bandits.Benchmarks.Pairing;

/// <summary>Keeps this thread on one core where the platform allows it.</summary>
internal static class OneCore
{
    /// <summary>Pins to the last core the process may use. Returns whether it did.</summary>
    public static bool TryPin() => (OperatingSystem.IsLinux() || OperatingSystem.IsWindows()) && Pin();

    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("windows")]
    private static bool Pin()
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            nint allowed = process.ProcessorAffinity;
            process.ProcessorAffinity = (nint)1 << (nint.Size * 8 - 1 - (int)nint.LeadingZeroCount(allowed));
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
