using System.Globalization;
using System.Text.RegularExpressions;
using Bandits.Storage.Files;
using Bandits.Storage.Journal;

namespace Bandits.Storage;

/// <summary>What a store says of the options it was last opened with.</summary>
/// <param name="Dimensions">Names of the segment's dimensions: the options must have these.</param>
/// <param name="Strategy">The strategy; <see cref="Strategy.Learning"/>, the default, where none was written down.</param>
public sealed partial record StoredSettings(IReadOnlyList<string> Dimensions, Strategy Strategy)
{
    /// <summary>The budget; null where there was none.</summary>
    public Budget? Budget { get; init; }

    /// <summary>The spend caps; empty where there were none.</summary>
    public IReadOnlyList<SpendCap> SpendCaps { get; init; } = [];

    /// <summary>Looks for them in the journal, newest file first, and where that does not say, in the snapshot; null when the store holds neither. Changes nothing.</summary>
    /// <exception cref="SnapshotException">The snapshot is of a future version, and the journal says nothing.</exception>
    /// <exception cref="JournalException">The journal is of a future version.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static StoredSettings? Find(string directory)
    {
        string path = Path.GetFullPath(directory);
        List<(long First, string Path)> segments = JournalArchive.Segments(path, DiskFiles.Instance);
        for (int i = segments.Count - 1; i >= 0; i--) // nearly always the last file says it: each names the settings again
        {
            StoredSettings? latest = null;
            using var reader = new JournalReader([segments[i]], DiskFiles.Instance, segments[i].First);
            while (reader.TryRead(out _, out ReadOnlyMemory<byte> payload)) latest = TryRead(payload) ?? latest;
            if (latest is not null) return latest;
        }

        try
        {
            if (new SnapshotFile(Path.Combine(path, RouterStore.SnapshotName)).Load() is { } snapshot) return new StoredSettings(snapshot.State.Dimensions, Strategy.Learning);
        }
        catch (SnapshotException e) when (e.Fault != SnapshotFault.FutureVersion)
        {
            // Damaged: opening will say so.
        }

        return null;
    }

    /// <summary>Options with which the store can be read, and what was spent be told.</summary>
    public RouterOptions ToOptions() => new() { Dimensions = Dimensions, Strategy = Strategy == Strategy.Budgeted && Budget is null ? Strategy.Learning : Strategy, Budget = Budget, SpendCaps = SpendCaps };

    /// <summary>The settings in an entry; null when it tells of something else, or cannot be read.</summary>
    private static StoredSettings? TryRead(ReadOnlyMemory<byte> payload)
    {
        try
        {
            var reader = new PayloadReader(payload);
            reader.FieldsOrMore(EntryEncoder.WeightFields, "an entry");
            if (reader.Byte() != (byte)EntryKind.Settings) return null;
            reader.Int32();
            string[] dimensions = reader.Strings("dimensions");
            (Strategy strategy, double rate, double horizon, string? caps) = (Strategy.Learning, double.NaN, double.NaN, null);
            for (int pairs = reader.Count(1, "settings") / 2; pairs > 0; pairs--)
            {
                switch (reader.String("name"))
                {
                    case "strategy": _ = Enum.TryParse(reader.OptionalString("strategy"), out strategy); break;
                    case "budget_usd_per_decision": rate = reader.OptionalDouble() ?? double.NaN; break;
                    case "budget_horizon": horizon = reader.OptionalDouble() ?? double.NaN; break;
                    case "spend_caps": caps = reader.OptionalString("caps"); break;
                    default: reader.Skip(1); break;
                }
            }

            return new StoredSettings(dimensions, strategy) { Budget = Budget.Of(rate, horizon), SpendCaps = Caps(caps) };
        }
        catch (Exception e) when (PayloadReader.IsFault(e))
        {
            return null;
        }
    }

    /// <summary>Caps from their lines with "; " between them, as <see cref="SpendCap.ToString"/> says them, with a backslash before any of \ ; : in a name.</summary>
    private static List<SpendCap> Caps(string? lines)
    {
        var caps = new List<SpendCap>();
        foreach (Match line in CapLine().Matches(lines ?? ""))
        {
            if (!double.TryParse(line.Groups["usd"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out double usd)) continue;
            var cap = new SpendCap
            {
                Name = Plain(line.Groups["name"].Value),
                Usd = usd,
                Window = Enum.Parse<SpendWindow>(line.Groups["window"].ValueSpan),
                PerTenant = line.Groups["each"].Success,
                Provider = line.Groups["provider"] is { Success: true } provider ? Plain(provider.Value) : null,
            };
            caps.Add(cap);
            if (new RouterOptions { SpendCaps = caps }.Validate().Count > 0) caps.RemoveAt(caps.Count - 1);
        }

        return caps;
    }

    private static string Plain(string marked) => Mark().Replace(marked, "${marked}");

    [GeneratedRegex(@"\G(?:; )?(?<name>([^\\;]|\\.){1,400}?): (?<usd>[0-9.E+-]+) USD per (?<window>Hour|Day)(?<each>, each tenant)?(, provider (?<provider>([^\\;]|\\.){1,400}))?(?=; |$)", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex CapLine();

    [GeneratedRegex(@"\\(?<marked>.)", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Mark();
}
