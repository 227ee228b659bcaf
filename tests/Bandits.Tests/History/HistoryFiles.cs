using System.Runtime.CompilerServices;

namespace Bandits.Tests.History;

/// <summary>Where the shipped parity set lies, and directories that go away after a test.</summary>
internal static class HistoryFiles
{
    public static string ParityLog => Path.Combine(ParityDirectory(), "execution_records.jsonl");

    public static string ParityExpectation => Path.Combine(ParityDirectory(), "expected.json");

    private static string ParityDirectory([CallerFilePath] string here = "")
    {
        // From the build output upwards, so that a build with mapped source paths finds it too.
        for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            string candidate = Path.Combine(at, "benchmarks", "data", "seed-parity");
            if (Directory.Exists(candidate)) return candidate;
        }

        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../benchmarks/data/seed-parity"));
    }
}

/// <summary>A directory of its own, deleted at the end.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bandits-history-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
