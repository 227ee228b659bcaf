namespace Bandits.Tests;

/// <summary>Where the repository's own files are, found from the test's output folder upwards.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Bandits.sln"))) return folder.FullName;
        throw new InvalidOperationException("The tests run outside the repository: no Bandits.sln above the output folder.");
    }
}
