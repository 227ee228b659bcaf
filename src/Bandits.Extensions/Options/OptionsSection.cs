using System.Text;
using Microsoft.Extensions.Configuration;

namespace Bandits.Extensions;

/// <summary>A section of configuration under the names of <see cref="BanditsOptions"/>, whichever of the accepted spellings it is written in.</summary>
/// <remarks>
/// The original orchestrator spells its settings with underscores and groups them (learning, tracking, analytics), with names of its own for some. Names do not depend on case, underscores or hyphens,
/// groups are looked into, and the section Rae belongs to somebody else. Whatever else is unknown is a fault, so a typing error does not pass for a setting. Sources are looked at one after
/// the other where they can be, so that the later one wins in whichever spelling, and an arm keeps the spelling that the first one gave it: variables of the environment come in capitals.
/// </remarks>
internal static class OptionsSection
{
    public const string DirectoryKey = "ORCHESTRATOR_INTELLIGENCE_DIR";

    private static readonly string[] Groups = ["learning", "tracking", "analytics"];

    /// <summary>Belong to the exchange with a memory server.</summary>
    private static readonly string[] Foreign = ["Rae", "RaeIntegration", "SyncInterval"];

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["StorageDir"] = nameof(BanditsOptions.Directory),
        ["OptimizationThreshold"] = nameof(BanditsOptions.MinSavingUsd),
    };

    /// <param name="section">The section.</param>
    /// <param name="options">What is filled.</param>
    /// <param name="root">Whose section it is, if that is known.</param>
    public static void Bind(IConfiguration section, BanditsOptions options, IConfiguration? root = null)
    {
        List<string> faults = options.BindingFaults;
        string place = section is IConfigurationSection named ? $"Section '{named.Path}'" : "Configuration";
        if (section is IConfigurationSection absent && !absent.Exists())
        {
            faults.Add($"{place} does not exist, or is empty.");
            return;
        }

        Dictionary<string, string?> values = Values(section, root, faults, place);
        CheckArms(values, faults, place);
        CheckSecrets(values, faults, place);
        Replace(values, options);
        try
        {
            new ConfigurationBuilder().AddInMemoryCollection(values).Build().Bind(options, static binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException e)
        {
            faults.Add($"{place} cannot be read. {e.Message}{(e.InnerException is { } inner ? $" {inner.Message}" : "")}");
        }

        Fill(values, options);
    }

    /// <summary>The values under our names.</summary>
    private static Dictionary<string, string?> Values(IConfiguration section, IConfiguration? root, List<string> faults, string place)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var spellings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (IEnumerable<KeyValuePair<string, string?>> source in Sources(section, root))
        {
            var own = new Dictionary<string, (string Path, string? Value)>(StringComparer.OrdinalIgnoreCase);
            foreach ((string path, string? given) in source)
            {
                if (path.Length == 0 || NameOf(path, spellings) is not { } name) continue;
                string? value = name.Equals(nameof(BanditsOptions.Strategy), StringComparison.OrdinalIgnoreCase) ? Plain(given) : given;
                if (own.TryGetValue(name, out (string Path, string? Value) other) && other.Value != value && !string.IsNullOrEmpty(value) && !string.IsNullOrEmpty(other.Value))
                    faults.Add($"{place} says '{path}' and '{other.Path}', which are one setting, and not the same of both.");
                own[name] = (path, value);
            }

            foreach ((string name, (_, string? value)) in own)
                if (value is not null || !values.ContainsKey(name)) values[name] = value;
        }

        return values;
    }

    /// <summary>What each source of the configuration says, the earliest first; all at once where the sources cannot be told apart.</summary>
    private static IEnumerable<IEnumerable<KeyValuePair<string, string?>>> Sources(IConfiguration section, IConfiguration? root)
    {
        if (root is IConfigurationRoot whole && section is IConfigurationSection { Path: var path } && section.AsEnumerable().All(pair => whole[pair.Key] == pair.Value))
            return whole.Providers.Select(provider => Walk(provider, path, ""));
        return [section.AsEnumerable(makePathsRelative: true)];
    }

    private static IEnumerable<KeyValuePair<string, string?>> Walk(IConfigurationProvider provider, string path, string below)
    {
        foreach (string key in provider.GetChildKeys([], path).Distinct(StringComparer.Ordinal))
        {
            (string full, string name) = (ConfigurationPath.Combine(path, key), below.Length == 0 ? key : ConfigurationPath.Combine(below, key));
            if (provider.TryGet(full, out string? value)) yield return new(name, value);
            foreach (KeyValuePair<string, string?> pair in Walk(provider, full, name)) yield return pair;
        }
    }

    private static void CheckArms(Dictionary<string, string?> values, List<string> faults, string place)
    {
        foreach ((string path, string? value) in values.ToArray())
        {
            string[] parts = path.Split(ConfigurationPath.KeyDelimiter);
            if (!IsArms(parts[0])) continue;
            if (parts.Length <= 2 && !string.IsNullOrEmpty(value))
            {
                faults.Add($"{place}: {path} is '{value}'; {(parts.Length == 1 ? "it holds arms by name" : "an arm is a section, with an Id if it is in a list")}.");
                values.Remove(path);
            }

            if (parts.Length > 1 && parts[1].All(char.IsAsciiDigit) && !values.ContainsKey(ConfigurationPath.Combine(parts[0], parts[1], nameof(ArmOptions.Id))))
            {
                string fault = $"{place}: arm number {parts[1]} of the list has no Id.";
                if (!faults.Contains(fault)) faults.Add(fault);
            }
        }
    }

    /// <summary>A secret that cannot be read must not stand in the message about it.</summary>
    private static void CheckSecrets(Dictionary<string, string?> values, List<string> faults, string place)
    {
        if (!values.TryGetValue(nameof(BanditsOptions.TokenKey), out string? key) || key is null || Convert.TryFromBase64String(key, new byte[key.Length], out _)) return;
        faults.Add($"{place}: {nameof(BanditsOptions.TokenKey)} is not base64; its value is not shown.");
        values.Remove(nameof(BanditsOptions.TokenKey));
    }

    /// <summary>A list that configuration speaks of replaces the one that is there; the binder would add to it.</summary>
    private static void Replace(Dictionary<string, string?> values, BanditsOptions options)
    {
        if (Has(values, nameof(BanditsOptions.Dimensions))) options.Dimensions = null;
        if (Has(values, nameof(BanditsOptions.BaselineRules))) options.BaselineRules = null;
        if (Has(values, nameof(BanditsOptions.Budget))) options.Budget ??= new BudgetOptions();
        if (Has(values, nameof(BanditsOptions.SpendCaps))) options.SpendCaps = null;
        foreach ((string name, ArmOptions? arm) in options.Arms)
            if (arm is not null && Has(values, ConfigurationPath.Combine(nameof(BanditsOptions.Arms), name, nameof(ArmOptions.Capabilities)))) arm.Capabilities.Clear();
    }

    /// <summary>What is there and empty is meant so.</summary>
    private static void Fill(Dictionary<string, string?> values, BanditsOptions options)
    {
        if (Has(values, nameof(BanditsOptions.Dimensions))) options.Dimensions ??= [];
        if (Has(values, nameof(BanditsOptions.BaselineRules))) options.BaselineRules ??= [];
        if (Has(values, nameof(BanditsOptions.SpendCaps))) options.SpendCaps ??= [];
        if (Has(values, nameof(BanditsOptions.Forgetting))) options.Forgetting ??= new ForgettingOptions();
        if (Has(values, nameof(BanditsOptions.Drift))) options.Drift ??= new DriftOptions();
        if (Has(values, nameof(BanditsOptions.ArmDrift))) options.ArmDrift ??= new ArmDriftOptions();
        if (Has(values, nameof(BanditsOptions.LatencyLimit))) options.LatencyLimit ??= new LatencyLimitOptions();
        if (Has(values, nameof(BanditsOptions.SafetyGate))) options.SafetyGate ??= new SafetyGateOptions();
    }

    private static bool Has(Dictionary<string, string?> values, string name) =>
        values.Keys.Any(path => path.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (path.Length == name.Length || path[name.Length] == ':'));

    /// <summary>The path under our names; null for what is not ours.</summary>
    private static string? NameOf(string path, Dictionary<string, string> spellings)
    {
        string[] parts = path.Split(ConfigurationPath.KeyDelimiter);
        int first = Array.Exists(Groups, group => group.Equals(parts[0], StringComparison.OrdinalIgnoreCase)) ? 1 : 0;
        if (first == parts.Length) return null;
        bool isArm = IsArms(Plain(parts[first])!);
        for (int i = first; i < parts.Length; i++)
        {
            if (!isArm || i != first + 1) parts[i] = Plain(parts[i])!;
            else if (!spellings.TryAdd(parts[i], parts[i])) parts[i] = spellings[parts[i]]; // the names of arms are their own
        }

        if (Array.Exists(Foreign, name => name.Equals(parts[first], StringComparison.OrdinalIgnoreCase))) return null;
        if (Aliases.TryGetValue(parts[first], out string? alias)) parts[first] = alias;
        return string.Join(ConfigurationPath.KeyDelimiter, parts[first..]);
    }

    private static bool IsArms(string name) => name.Equals(nameof(BanditsOptions.Arms), StringComparison.OrdinalIgnoreCase);

    private static string? Plain(string? name) => name is null || name.AsSpan().IndexOfAny('_', '-') < 0 ? name : new StringBuilder(name).Replace("_", "").Replace("-", "").ToString();
}
