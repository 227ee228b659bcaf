using System.Collections.Concurrent;
using Bandits.Storage;

namespace Bandits.Reliability.Walks;

/// <summary>What walks met, so that a suite can say that it went where it should.</summary>
public sealed class Tally
{
    private readonly ConcurrentDictionary<string, long> _counts = new();

    public long this[string what] => _counts.GetValueOrDefault(what);

    public IReadOnlyDictionary<string, long> Counts => new SortedDictionary<string, long>(_counts, StringComparer.Ordinal);

    public void Count<T>(T what)
        where T : Enum => Add(what.ToString());

    public void Count(RecoveryReport report)
    {
        Add("recoveries");
        if (report.Damage.Any(d => d.IsTail)) Add("torn tails");
        if (report.Damage.Any(d => !d.IsTail)) Add("damage in the middle");
        if (report.Snapshot == SnapshotUsed.Previous) Add("previous snapshots");
        if (report.Snapshot == SnapshotUsed.Newest) Add("newest snapshots");
    }

    public void Refused() => Add("refused by the disk");

    private void Add(string what) => _counts.AddOrUpdate(what, 1, static (_, count) => count + 1);
}
