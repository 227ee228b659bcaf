using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Bandits.Tests;

namespace Bandits.Integration.Tests.Packages;

/// <summary>What is in the packed files.</summary>
[Collection("packages")]
public sealed partial class PackageTests(Packed packed)
{
    /// <summary>What each package asks for, and nothing else.</summary>
    private static readonly Dictionary<string, string[]> Dependencies = new()
    {
        ["Bandits"] = ["MathNet.Numerics"],
        ["Bandits.Cli"] = [], // a tool carries what it needs
        ["Bandits.Extensions"] =
            ["Bandits", "Bandits.Storage", "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Options.ConfigurationExtensions"],
        ["Bandits.History"] = ["Bandits", "System.IO.Hashing"],
        ["Bandits.Rae"] =
            ["Bandits", "Bandits.Storage", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Http.Resilience", "Microsoft.Extensions.Options.ConfigurationExtensions"],
        ["Bandits.Storage"] = ["Bandits", "MessagePack", "Microsoft.NET.StringTools", "System.IO.Hashing"],
    };

    public static TheoryData<string> Ids => [.. Dependencies.Keys];

    public static TheoryData<string> Libraries => [.. Dependencies.Keys.Where(id => id != "Bandits.Cli")];

    [Fact]
    public void Every_project_of_src_is_a_package_with_symbols_known_here()
    {
        string[] projects = [.. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(p => Path.GetFileNameWithoutExtension(p))];
        Assert.Equal(projects.Order(StringComparer.Ordinal), Dependencies.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            projects.SelectMany(id => (string[])[$"{id}.{packed.Version}.nupkg", $"{id}.{packed.Version}.snupkg"]).Order(StringComparer.Ordinal),
            Directory.GetFiles(packed.Folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Package_says_what_it_is(string id)
    {
        using ZipArchive package = packed.Package(id);
        XElement says = Metadata(package, id);
        Assert.Equal((id, packed.Version), (Text(says, "id"), Text(says, "version")));
        XElement licence = Child(says, "license")!;
        Assert.Equal(("expression", "MIT"), (licence.Attribute("type")!.Value, licence.Value));
        Assert.Equal("README.md", Text(says, "readme"));
        Assert.InRange(Text(says, "description").Length, 40, 400);
        Assert.Contains("bandit", Text(says, "tags").Split(' '));
        XElement repository = Child(says, "repository")!;
        Assert.Equal("git", repository.Attribute("type")!.Value);
        Assert.Matches("^[0-9a-f]{40}$", repository.Attribute("commit")!.Value);
        Assert.Matches("^((https?|ssh)://.*)?$", repository.Attribute("url")?.Value ?? ""); // what git knows of the clone, or nothing; no folder of this machine
    }

    [Fact]
    public void No_two_packages_have_the_same_description() =>
        Assert.Distinct(Dependencies.Keys.Select(id =>
        {
            using ZipArchive package = packed.Package(id);
            return Text(Metadata(package, id), "description");
        }));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Package_carries_its_readme(string id)
    {
        using ZipArchive package = packed.Package(id);
        byte[] readme = package.Bytes("README.md");
        Assert.Equal(File.ReadAllBytes(Path.Combine(Repository.Root, "src", id, "README.md")), readme);
        string text = System.Text.Encoding.UTF8.GetString(readme);
        Assert.Contains("```", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(RelativeLink(), text); // on the page of a package it would lead nowhere
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Package_asks_for_what_it_needs_and_nothing_else(string id)
    {
        XDocument central = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));
        Dictionary<string, string> versions = central.Descendants("PackageVersion").ToDictionary(v => v.Attribute("Include")!.Value, v => v.Attribute("Version")!.Value);
        using ZipArchive package = packed.Package(id);
        XElement[] asked = [.. Metadata(package, id).Descendants().Where(e => e.Name.LocalName == "dependency")];
        Assert.Equal(Dependencies[id], asked.Select(d => d.Attribute("id")!.Value).Order(StringComparer.Ordinal));
        Assert.All(asked, d => Assert.Equal( // siblings share internals: exactly this version, not a later one
            Dependencies.ContainsKey(d.Attribute("id")!.Value) ? $"[{packed.Version}]" : versions[d.Attribute("id")!.Value],
            d.Attribute("version")!.Value));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_is_one_assembly_with_its_documentation(string id)
    {
        using ZipArchive package = packed.Package(id);
        Assert.Equal([$"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"], package.Entries.Select(e => e.FullName).Where(name => name.Contains('/') && !name.StartsWith('_') && !name.StartsWith("package/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        using var assembly = new AssemblyFile(package.Bytes($"lib/net10.0/{id}.dll"));
        string[] types = [.. assembly.PublicTypes];
        Assert.NotEmpty(types);
        HashSet<string> documented = [.. XDocument.Load(new MemoryStream(package.Bytes($"lib/net10.0/{id}.xml"))).Descendants("member").Select(m => m.Attribute("name")!.Value)];
        Assert.All(types, type => Assert.Contains($"T:{type}", documented));
        Assert.Contains(("IsTrimmable", "True"), assembly.Metadata);
        Assert.Contains(("IsAotCompatible", "True"), assembly.Metadata);
    }

    /// <summary>Else an addition to src would never be trimmed nor compiled ahead of time from its package.</summary>
    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_is_used_by_the_consumer_of_packages(string id)
    {
        XDocument consumer = XDocument.Load(Path.Combine(Repository.Root, "tests", "Bandits.PackageConsumer", "Bandits.PackageConsumer.csproj"));
        Assert.Contains(id, consumer.Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Symbols_belong_to_the_assembly_and_lead_to_every_source(string id)
    {
        using ZipArchive package = packed.Package(id), symbols = packed.Symbols(id);
        string folder = FolderOf(id);
        using var assembly = new AssemblyFile(package.Bytes($"{folder}/{id}.dll"));
        using var pdb = new SymbolFile(symbols.Bytes($"{folder}/{id}.pdb"));
        Assert.Equal(assembly.SymbolsId, pdb.Id);
        Assert.Contains(pdb.Sources, source => source.Name.StartsWith($"/_/src/{id}/", StringComparison.Ordinal));
        Assert.All(pdb.Sources, source => Assert.True(source.Text is not null || pdb.HasAddressOf(source.Name), $"a debugger cannot find {source.Name}"));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void No_file_names_the_machine_that_built_it(string id)
    {
        using ZipArchive package = packed.Package(id), symbols = packed.Symbols(id);
        string folder = FolderOf(id);
        using var pdb = new SymbolFile(symbols.Bytes($"{folder}/{id}.pdb"));
        Assert.All(pdb.Sources, source => Assert.StartsWith("/_", source.Name, StringComparison.Ordinal)); // /_/ the repository, /_1/ ... packages
        IEnumerable<byte[]> all = [.. package.Entries.Select(e => package.Bytes(e.FullName)), .. symbols.Entries.Select(e => symbols.Bytes(e.FullName)),
            .. pdb.Sources.Where(source => source.Text is not null).Select(source => source.Text!)];
        Assert.All(all, file => Assert.False(Holds(file, Repository.Root), "a path of this machine"));
        Assert.True(Holds(System.Text.Encoding.Unicode.GetBytes($"x{Repository.Root}/src"), Repository.Root));
    }

    [Fact]
    public void The_same_sources_give_the_same_assembly()
    {
        using ZipArchive package = packed.Package("Bandits");
        Assert.Equal(package.Bytes("lib/net10.0/Bandits.dll"), packed.BuiltAgain("Bandits"));
    }

    private static string FolderOf(string id) => id == "Bandits.Cli" ? "tools/net10.0/any" : "lib/net10.0";

    private static XElement Metadata(ZipArchive package, string id) => XDocument.Load(new MemoryStream(package.Bytes($"{id}.nuspec"))).Root!.Elements().Single();

    private static XElement? Child(XElement of, string name) => of.Elements().SingleOrDefault(e => e.Name.LocalName == name);

    private static string Text(XElement of, string name) => Child(of, name)?.Value ?? "";

    private static bool Holds(ReadOnlySpan<byte> file, string text) =>
        file.IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0 || file.IndexOf(System.Text.Encoding.Unicode.GetBytes(text)) >= 0;

    [GeneratedRegex(@"\]\((?!https?://|#)")]
    private static partial Regex RelativeLink();
}
