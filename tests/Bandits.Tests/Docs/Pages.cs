namespace Bandits.Tests.Docs;

/// <summary>Every page of the repository, found by looking: a new page is under these tests when it is written.</summary>
internal static class Pages
{
    /// <summary>Path from the root, with slashes, and text.</summary>
    public static IReadOnlyList<(string Path, string Text)> All { get; } =
        [.. Under(new DirectoryInfo(Repository.Root)).Order(StringComparer.Ordinal).Select(path => (path, File.ReadAllText(Path.Combine(Repository.Root, path))))];

    public static IReadOnlyList<Block> Blocks { get; } = [.. All.SelectMany(page => Block.Of(page.Path, page.Text))];

    private static IEnumerable<string> Under(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles("*.md")) yield return Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/');
        foreach (DirectoryInfo inside in folder.EnumerateDirectories())
            if (inside.Name is not ("bin" or "obj" or "artifacts" or "TestResults" or "StrykerOutput" or "BenchmarkDotNet.Artifacts") && !inside.Name.StartsWith('.'))
                foreach (string path in Under(inside)) yield return path;
    }
}
