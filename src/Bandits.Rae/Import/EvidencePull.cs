using Bandits.Rae.Formats;
using Bandits.Storage;

namespace Bandits.Rae.Import;

/// <summary>Pulls what other instances have exported and joins it into a store's router, each instance as an origin of its name.</summary>
internal sealed class EvidencePull(string directory, RaeOptions options)
{
    private const string SettledNote = "settled";

    /// <summary>Reasons that are spelt out; the rest is counted.</summary>
    private const int MostReasons = 100;

    /// <summary>How far the server's times may be out of the order in which memories appear.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private readonly string _path = Path.Combine(directory, "imported.json");

    public async Task<PullReport> RunAsync(RaeClient client, RouterStore store, CancellationToken cancellationToken)
    {
        Bookkeeping kept = Bookkeeping.Read(_path);
        DateTimeOffset? settled = kept[SettledNote] is > 0 and var ticks && ticks <= DateTimeOffset.MaxValue.UtcTicks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        var chains = new EvidenceChains(kept.States, options);
        var reasons = new List<string>();
        int bad = 0, parts = 0;
        Listing listing = await EvidenceListing.ReadAsync(client, options, settled, memory =>
        {
            if (!EvidencePartReader.IsEvidence(memory.Metadata)) return;
            EvidencePart? part = EvidencePartReader.Read(memory.Metadata, out string? fault);
            if (part?.Store == store.Name) return; // it came from here
            if (part is not null) fault = chains.Add(part);
            if (fault is null)
            {
                parts++;
                return;
            }

            bad++;
            if (reasons.Count < MostReasons) reasons.Add($"Memory {Shown(memory.Id)}: {fault}");
        }, cancellationToken).ConfigureAwait(false);
        List<EvidenceState> heads = chains.Heads();
        PullReport report = new PullJoin(store.Router, options.ForeignWeight).Join(heads) with
        {
            Memories = listing.Memories,
            Parts = parts,
            BadMemories = bad + listing.TooLong,
            Reasons = [.. reasons, .. chains.Faults],
            IsWaiting = chains.IsWaiting,
            IsComplete = listing.IsComplete,
        };

        // Only what is settled may be passed over the next time: a window that waits may need one that is older.
        DateTimeOffset? next = !listing.IsComplete || chains.IsWaiting ? null : listing.Newest is { } newest && newest - Overlap is var mark && mark > (settled ?? DateTimeOffset.MinValue) ? mark : settled;
        new Bookkeeping(new Dictionary<string, long> { [SettledNote] = next?.UtcTicks ?? 0 }, heads).Write(_path);
        return report;
    }

    private static string Shown(string id) => id.Length <= 64 ? id : id[..64] + "...";
}
