using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Bandits.Storage;

namespace Bandits.Reliability.Kills;

/// <summary>One writer from its start until it was killed, and every line it got out.</summary>
internal sealed class Life
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<string> _lines = [];

    private Life()
    {
    }

    /// <summary>Every line, the last only if it was whole.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Lines that a returned flush covers.</summary>
    public int Covered { get; private set; }

    /// <summary>Starts a writer and kills it: so long after it was ready, or reached the phase.</summary>
    /// <exception cref="BrokenPromiseException">It could not open the store, or failed before it was killed.</exception>
    public static Life Lead(string directory, Durability durability, Strategy strategy, int threads, Phase phase, int at, TimeSpan after)
    {
        var start = new ProcessStartInfo(Host()) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])
            ["exec", typeof(Life).Assembly.Location, "--writer", directory, "--durability", durability.ToString(), "--strategy", strategy.ToString(), "--threads", Number(threads), "--phase", phase.ToString(), "--at", Number(at)])
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_TieredPGO"] = "0"; // short lives start sooner
        using Process process = Process.Start(start)!;
        try
        {
            return Follow(process, phase, after);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
        }
    }

    private static Life Follow(Process process, Phase phase, TimeSpan after)
    {
        var life = new Life();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var timer = new Timer(static process => Kill((Process)process!), process, Patience, Timeout.InfiniteTimeSpan);
        char moment = phase == Phase.Anywhere ? Announcements.Ready : Announcements.AtPhase;
        bool isReached = false;
        string rest = "";
        Span<char> buffer = new char[1 << 14];
        while (process.StandardOutput.Read(buffer) is > 0 and var count)
        {
            rest += buffer[..count].ToString();
            for (int end; (end = rest.IndexOf('\n', StringComparison.Ordinal)) >= 0; rest = rest[(end + 1)..])
            {
                string line = rest[..end];
                life.Take(line);
                if (isReached || line[0] != moment) continue;
                isReached = true;
                timer.Change(after, Timeout.InfiniteTimeSpan);
            }
        }

        process.WaitForExit();
        if (!isReached) throw new BrokenPromiseException($"The writer never came to {phase} within {Patience.TotalSeconds} s. {errors.Result}");
        return life;
    }

    private void Take(string line)
    {
        if (line[0] == Announcements.Failed) throw new BrokenPromiseException($"The writer failed: {line[2..]}");
        if (line[0] == Announcements.Flushed) Covered = int.Parse(line.AsSpan(2), CultureInfo.InvariantCulture);
        _lines.Add(line);
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended by itself: its last line says why.
        }
    }

    /// <summary>The program that runs this one, which under a test host is not the process itself.</summary>
    private static string Host()
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string installed = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(installed) ? installed : name;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
