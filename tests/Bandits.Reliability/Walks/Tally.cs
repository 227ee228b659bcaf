using System.Collections.Concurrent;
using Bandits.Storage;

namespace Bandits.Reliability.Walks;

/// <summary>What walks met, so that a suite can say that it went where it should.</summary>
public sealed class Tally
{
    public const string Refusals = "refused by the disk";
    public const string TornTails = "torn tails";
    public const string Holes = "damage in the middle";
    public const string PreviousSnapshots = "previous snapshots";
    public const string NewestSnapshots = "newest snapshots";

    private readonly ConcurrentDictionary<string, long> _counts = new();

    public long this[string what] => _counts.GetValueOrDefault(what);

    public IReadOnlyDictionary<string, long> Counts => new SortedDictionary<string, long>(_counts, StringComparer.Ordinal);

    public void Count<T>(T what)
        where T : Enum => Add(what.ToString());

    public void Count(RecoveryReport report)
    {
        Add("recoveries");
        if (report.Damage.Any(d => d.IsTail)) Add(TornTails);
        if (report.Damage.Any(d => !d.IsTail)) Add(Holes);
        if (report.Snapshot == SnapshotUsed.Previous) Add(PreviousSnapshots);
        if (report.Snapshot == SnapshotUsed.Newest) Add(NewestSnapshots);
    }

    public void Refused() => Add(Refusals);

    private void Add(string what) => _counts.AddOrUpdate(what, 1, static (_, count) => count + 1);
}
