using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text.Json;

namespace Bandits.Integration.Tests.Packages;

/// <summary>A source file that symbols name.</summary>
/// <param name="Name">Path as the symbols say it.</param>
/// <param name="Text">The file itself, where the symbols carry it.</param>
internal sealed record SymbolSource(string Name, byte[]? Text);

/// <summary>Portable symbols, as the portable PDB format lays them down.</summary>
internal sealed class SymbolFile(byte[] file) : IDisposable
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE"), SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private readonly MetadataReaderProvider _file = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(file));

    private MetadataReader Reader => _file.GetMetadataReader();

    public Guid Id => new BlobContentId(Reader.DebugMetadataHeader!.Id).Guid;

    public IReadOnlyList<SymbolSource> Sources =>
        [.. Reader.Documents.Select(handle => new SymbolSource(Reader.GetString(Reader.GetDocument(handle).Name), Of(handle, EmbeddedSource) is { } blob ? Unpacked(blob) : null))];

    /// <summary>Whether SourceLink says where to fetch a source.</summary>
    public bool HasAddressOf(string source)
    {
        if (Of(EntityHandle.ModuleDefinition, SourceLink) is not { } map) return false;
        using JsonDocument addresses = JsonDocument.Parse(map);
        return addresses.RootElement.GetProperty("documents").EnumerateObject().Any(a => source.StartsWith(a.Name.TrimEnd('*'), StringComparison.Ordinal) && a.Value.GetString()!.StartsWith("https://", StringComparison.Ordinal));
    }

    public void Dispose() => _file.Dispose();

    private byte[]? Of(EntityHandle entity, Guid kind) =>
        Reader.GetCustomDebugInformation(entity).Select(Reader.GetCustomDebugInformation).Where(i => Reader.GetGuid(i.Kind) == kind).Select(i => Reader.GetBlobBytes(i.Value)).SingleOrDefault();

    /// <summary>A length, 0 for a file stored as it is, and the file.</summary>
    private static byte[] Unpacked(byte[] blob)
    {
        byte[] text = blob[sizeof(int)..];
        if (BitConverter.ToInt32(blob) == 0) return text;
        using var from = new DeflateStream(new MemoryStream(text), CompressionMode.Decompress);
        var to = new MemoryStream();
        from.CopyTo(to);
        return to.ToArray();
    }
}
