using System.Text;
using Microsoft.Extensions.Configuration;

namespace Bandits.Extensions;

/// <summary>A section of configuration under the names of <see cref="BanditsOptions"/>, whichever of the accepted spellings it is written in.</summary>
/// <remarks>
/// The original orchestrator spells its settings with underscores and groups them (learning, tracking, analytics), with names of its own for some. Names do not depend on case or underscores,
/// groups are looked into, and the section Rae belongs to somebody else. Whatever else is unknown is a fault, so a typing error does not pass for a setting.
/// </remarks>
internal static class OptionsSection
{
    public const string DirectoryKey = "ORCHESTRATOR_INTELLIGENCE_DIR";

    private static readonly string[] Groups = ["learning", "tracking", "analytics"];

    /// <summary>Belong to the export to a memory server.</summary>
    private static readonly string[] Foreign = ["Rae", "RaeIntegration", "SyncInterval"];

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["StorageDir"] = nameof(BanditsOptions.Directory),
        ["OptimizationThreshold"] = nameof(BanditsOptions.MinSavingUsd),
    };

    public static void Bind(IConfiguration section, BanditsOptions options)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string path, string? value) in section.AsEnumerable(makePathsRelative: true))
            if (path.Length > 0 && NameOf(path) is { } name) values[name] = name.Equals(nameof(BanditsOptions.Strategy), StringComparison.OrdinalIgnoreCase) ? Plain(value) : value;
        try
        {
            new ConfigurationBuilder().AddInMemoryCollection(values).Build().Bind(options, static binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException e)
        {
            string place = section is IConfigurationSection { Path: var path } ? $"Section '{path}'" : "Configuration";
            options.BindingFault = $"{place} cannot be read. {e.Message}{(e.InnerException is { } inner ? $" {inner.Message}" : "")}";
        }
    }

    /// <summary>The path under our names; null for what is not ours.</summary>
    private static string? NameOf(string path)
    {
        string[] parts = path.Split(ConfigurationPath.KeyDelimiter);
        int first = parts.Length > 0 && Array.Exists(Groups, group => group.Equals(parts[0], StringComparison.OrdinalIgnoreCase)) ? 1 : 0;
        if (first == parts.Length) return null;
        for (int i = first; i < parts.Length; i++)
            if (i != first + 1 || !Plain(parts[first])!.Equals(nameof(BanditsOptions.Arms), StringComparison.OrdinalIgnoreCase)) parts[i] = Plain(parts[i])!; // but the names of arms are their own
        if (Array.Exists(Foreign, name => name.Equals(parts[first], StringComparison.OrdinalIgnoreCase))) return null;
        if (Aliases.TryGetValue(parts[first], out string? alias)) parts[first] = alias;
        return string.Join(ConfigurationPath.KeyDelimiter, parts[first..]);
    }

    private static string? Plain(string? name) => name is null || name.AsSpan().IndexOfAny('_', '-') < 0 ? name : new StringBuilder(name).Replace("_", "").Replace("-", "").ToString();
}
