using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bandits.Benchmarks.Report;

/// <summary>What the figures were taken on.</summary>
internal sealed record Machine
{
    public required string Processor { get; init; }

    public required int Cores { get; init; }

    public required string OperatingSystem { get; init; }

    public required string Sdk { get; init; }

    public required string Runtime { get; init; }

    /// <summary>Abbreviated commit, with "modified" where the work tree differs from it.</summary>
    public required string Commit { get; init; }

    public required bool IsPinned { get; init; }

    /// <param name="isPinned">Whether the measuring thread is kept on one core.</param>
    /// <param name="cores">Cores the process could use before it was pinned.</param>
    /// <param name="page">The page that is written, which does not count as a modification.</param>
    public static Machine Describe(bool isPinned, int cores, string? page) => new()
    {
        Processor = ProcessorName(),
        Cores = cores,
        OperatingSystem = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}",
        Sdk = Answer("dotnet", "--version") ?? "unknown",
        Runtime = RuntimeInformation.FrameworkDescription,
        Commit = CommitName(page),
        IsPinned = isPinned,
    };

    private static string CommitName(string? page)
    {
        if (Answer("git", "rev-parse", "--short=12", "HEAD") is not { } commit) return "unknown";
        string? changes = page is null
            ? Answer("git", "status", "--porcelain", "--untracked-files=no")
            : Answer("git", "status", "--porcelain", "--untracked-files=no", "--", ":/", $":(exclude){page}");
        return string.IsNullOrEmpty(changes) ? commit : $"{commit}, modified";
    }

    private static string ProcessorName()
    {
        const string path = "/proc/cpuinfo";
        if (File.Exists(path))
        {
            foreach (string line in File.ReadLines(path))
            {
                if (line.StartsWith("model name", StringComparison.Ordinal)) return line[(line.IndexOf(':') + 1)..].Trim();
            }
        }

        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? Answer("sysctl", "-n", "machdep.cpu.brand_string") ?? "unknown";
    }

    /// <summary>What a program prints, trimmed; null when it is not there or fails.</summary>
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
