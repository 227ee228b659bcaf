using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bandits.Reliability;

/// <summary>What the figures were taken on, as the page says it.</summary>
internal static class Machine
{
    /// <summary>Environment variable with the commit, where there is no git.</summary>
    private const string CommitVariable = "BANDITS_COMMIT";

    public static string Processor()
    {
        const string path = "/proc/cpuinfo";
        string? line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    public static string Sdk() => Answer("dotnet", "--version") ?? "unknown";

    public static string Commit() => Environment.GetEnvironmentVariable(CommitVariable) ?? Answer("git", "rev-parse", "--short=12", "HEAD") ?? "unknown";

    private static string? Answer(string program, params string[] arguments)
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null) return null;
            string answer = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? answer : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
