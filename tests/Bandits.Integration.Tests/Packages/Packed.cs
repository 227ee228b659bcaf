using System.IO.Compression;
using Bandits.Tests;

namespace Bandits.Integration.Tests.Packages;

/// <summary>Every project under src, packed once for all tests of the collection, as CI packs, and in folders of its own: other tests run from bin and obj meanwhile.</summary>
public sealed class Packed : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];

    // Inside the repository: what a build writes elsewhere would be named by this machine's path in the symbols.
    private readonly string _built = Path.Combine(Repository.Root, "artifacts", $"packing-{Guid.NewGuid():N}");
    private readonly string _suffix = $"test.{DateTime.UtcNow.Ticks}.{Environment.ProcessId}"; // NuGet keeps for ever what it has seen of a version

    public Packed()
    {
        try
        {
            Launch.Dotnet(Nothing, ["pack", "src/Packages.proj", "-o", Folder, .. Settings]).Ok();
        }
        catch
        {
            Dispose(); // nobody else would
            throw;
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("bandits-packages-").FullName;

    public string Version => Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(Folder, "Bandits.Cli.*.nupkg")))["Bandits.Cli.".Length..];

    private string[] Settings =>
        ["-c", "Release", "--artifacts-path", _built, "--version-suffix", _suffix, "--disable-build-servers", "-p:ContinuousIntegrationBuild=true", "-p:RunAnalyzers=false"];

    public ZipArchive Package(string id) => ZipFile.OpenRead(Path.Combine(Folder, $"{id}.{Version}.nupkg"));

    public ZipArchive Symbols(string id) => ZipFile.OpenRead(Path.Combine(Folder, $"{id}.{Version}.snupkg"));

    /// <summary>The assembly of a project, compiled once more from the same sources.</summary>
    public byte[] BuiltAgain(string id)
    {
        string assembly = Path.Combine(_built, "bin", id, "release", $"{id}.dll");
        DateTime before = File.GetLastWriteTimeUtc(assembly);
        Launch.Dotnet(Nothing, ["build", $"src/{id}", "--no-restore", "--no-incremental", .. Settings]).Ok();
        Assert.NotEqual(before, File.GetLastWriteTimeUtc(assembly));
        return File.ReadAllBytes(assembly);
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        if (Directory.Exists(_built)) Directory.Delete(_built, recursive: true);
    }
}

[CollectionDefinition("packages")]
public sealed class PackagesCollection : ICollectionFixture<Packed>;

internal static class Entries
{
    public static byte[] Bytes(this ZipArchive archive, string name)
    {
        ZipArchiveEntry? entry = archive.GetEntry(name);
        Assert.True(entry is not null, $"{name} is not in the package, which has {string.Join(", ", archive.Entries.Select(e => e.FullName))}");
        using Stream from = entry.Open();
        var to = new MemoryStream();
        from.CopyTo(to);
        return to.ToArray();
    }
}
