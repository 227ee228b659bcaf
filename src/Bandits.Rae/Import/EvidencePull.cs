using Bandits.Rae.Formats;
using Bandits.Storage;

namespace Bandits.Rae.Import;

/// <summary>Pulls what other instances have exported and joins it into a store's router, each instance as an origin of its name.</summary>
internal sealed class EvidencePull(string directory, RaeOptions options, TimeProvider clock)
{
    /// <summary>The file of what was read.</summary>
    public const string FileName = "imported.json";

    /// <summary>Reasons that are spelt out; the rest is counted.</summary>
    private const int MostReasons = 100;

    /// <summary>How far the server's times may be out of the order in which memories appear.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private readonly string _path = Path.Combine(directory, FileName);

    public async Task<PullReport> RunAsync(RaeClient client, RouterStore store, CancellationToken cancellationToken)
    {
        Bookkeeping kept = Bookkeeping.Read(_path);
        var notes = new PullNotes(kept.Notes);
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset? settled = notes.Settled <= now ? notes.Settled : null;
        var chains = new EvidenceChains(kept.States, options, notes.Seen);
        var reasons = new List<string>();
        int bad = 0, parts = 0;
        Listing listing = await EvidenceListing.ReadAsync(client, options, settled, memory =>
        {
            if (!EvidencePartReader.IsEvidence(memory.Metadata)) return;
            EvidencePart? part = EvidencePartReader.Read(memory.Metadata, out string? fault);
            if (part?.Store == store.Name) return; // it came from here
            if (part is not null) fault = chains.Add(part, memory.CreatedAt);
            if (fault is null)
            {
                parts++;
                return;
            }

            bad++;
            if (reasons.Count < MostReasons) reasons.Add($"Memory {Shown(memory.Id)}: {fault}");
        }, cancellationToken).ConfigureAwait(false);
        List<EvidenceState> heads = chains.Heads(listing.IsAll);
        bool isWaiting = notes.Wait(chains.Waiting, listing.IsAll, options.MaxMemories).Count > 0;
        PullReport report = new PullJoin(store.Router, options.ForeignWeight).Join(heads) with
        {
            Memories = listing.Memories,
            Parts = parts,
            BadMemories = bad + listing.TooLong,
            Reasons = [.. reasons, .. chains.Faults],
            IsWaiting = isWaiting,
            IsComplete = listing.IsComplete,
        };

        // Only what is settled may be passed over the next time: a window that waits may need one that is older.
        notes.Settled = listing.IsComplete && !isWaiting ? NextMark(settled, listing.Newest, now) : null;
        notes.See(heads.Select(head => KeyValuePair.Create(head.Store, chains.NewestOf(head))));
        Keep(kept, new Bookkeeping(notes.ToNotes(), heads));
        return report;
    }

    /// <summary>A mark is never later than our own clock, as a memory may be dated in the future; one that nothing listed reaches is of another server or another time.</summary>
    private static DateTimeOffset? NextMark(DateTimeOffset? settled, DateTimeOffset? newest, DateTimeOffset now)
    {
        if (newest is not { } time || time < settled) return null;
        DateTimeOffset mark = (time < now ? time : now) - Overlap;
        return settled is { } before && mark - before < Overlap ? before : mark; // a mark that moved a little is not worth a file
    }

    private void Keep(Bookkeeping before, Bookkeeping next)
    {
        bool isSame = before.Notes.Count == next.Notes.Count && next.Notes.All(note => before.Notes.TryGetValue(note.Key, out long value) && value == note.Value)
            && before.States.Select(Version).SequenceEqual(next.States.Select(Version));
        if (!isSame) next.Write(_path);

        static (string, ulong, long, long) Version(EvidenceState state) => (state.Store, state.Chain, state.Window, state.Sequence);
    }

    private static string Shown(string id) => id.Length <= 64 ? id : id[..64] + "...";
}
