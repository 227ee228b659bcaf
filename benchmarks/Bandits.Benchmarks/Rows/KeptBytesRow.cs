using System.Globalization;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;
using Bandits.History;

namespace Bandits.Benchmarks.Rows;

/// <summary>What a history keeps in memory for each distinct record, at the worst of many sizes.</summary>
/// <remarks>
/// The live heap after a full collection, less what it was without a history. What does not grow with the records, the aggregates by name, is
/// the live heap at the first chunk less the identities held there; it is subtracted and told apart.
/// </remarks>
internal sealed class KeptBytesRow : Row
{
    private const int Seed = 20260117;

    public override Finding Measure(Effort effort)
    {
        var feed = new LogFeed(Seed, KeyOrder.AsWritten);
        feed.Advance();
        new ExecutionHistory().Import(feed.Chunk);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var history = new ExecutionHistory();
        history.Import(feed.Chunk);
        long aggregates = GC.GetTotalMemory(forceFullCollection: true) - before - history.IdentityBytes;
        double worst = (double)history.IdentityBytes / history.RecordCount, last = worst;
        while (history.RecordCount < effort.LargeHistory)
        {
            feed.Advance();
            history.Import(feed.Chunk);
            last = (double)(GC.GetTotalMemory(forceFullCollection: true) - before - aggregates) / history.RecordCount;
            worst = Math.Max(worst, last);
        }

        string note = string.Create(
            CultureInfo.InvariantCulture,
            $"worst of {history.RecordCount / LogFeed.ChunkRecords} sizes up to {history.RecordCount:N0} records, {last:0.0} B at the last; aggregates by name: {aggregates / 1024:N0} KiB, whatever the length");
        return new Finding { Name = Name, Bytes = worst, BytesGoal = Goal.AtMost(32), Note = note };
    }
}
