using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;

namespace Bandits.Benchmarks.Pairing;

/// <summary>Keeps this thread on one core where the platform allows it.</summary>
internal static class OneCore
{
    private static nint s_allowed;

    /// <summary>Pins to the last core the process may use. Returns whether it did.</summary>
    public static bool TryPin() => (OperatingSystem.IsLinux() || OperatingSystem.IsWindows()) && Pin();

    /// <summary>Lets the process use all its cores until the result is disposed of.</summary>
    public static IDisposable Unpin() => new Release();

    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("windows")]
    private static bool Pin()
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            nint allowed = process.ProcessorAffinity;
            s_allowed = allowed;
            process.ProcessorAffinity = (nint)1 << (nint.Size * 8 - 1 - (int)nint.LeadingZeroCount(allowed));
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("windows")]
    private static void Allow(nint cores)
    {
        using var process = Process.GetCurrentProcess();
        process.ProcessorAffinity = cores;
    }

    private sealed class Release : IDisposable
    {
        public Release()
        {
            if (s_allowed != 0 && (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())) Allow(s_allowed);
        }

        public void Dispose()
        {
            if (s_allowed != 0) TryPin();
        }
    }
}
