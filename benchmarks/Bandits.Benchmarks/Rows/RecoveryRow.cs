using System.Diagnostics;
using System.Globalization;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;
using Bandits.Storage;

namespace Bandits.Benchmarks.Rows;

/// <summary>Opening a store whose journal was never covered by a snapshot: half of its records are decisions, half outcomes.</summary>
internal sealed class RecoveryRow : Row
{
    private const int Seed = 6;
    private const double MostSeconds = 5;
    private const int Records = 10_000_000;

    public override Finding Measure(Effort effort)
    {
        int records = effort.IsQuick ? Records / 100 : Records;
        string folder = Directory.CreateTempSubdirectory("bandits-recovery-").FullName;
        try
        {
            long bytes = Write(folder, records);
            var seconds = new List<double>();
            long held = 0, entries = 0;
            for (int i = 0; i < (effort.IsQuick ? 1 : 3); i++)
            {
                long before = GC.GetTotalAllocatedBytes();
                long start = Stopwatch.GetTimestamp();
                RouterStore.Read(folder, Options(), out RecoveryReport report);
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                held = GC.GetTotalAllocatedBytes() - before;
                entries = report.Decisions + report.Outcomes;
                if (!report.IsClean) throw new InvalidOperationException(report.Faults.Count > 0 ? report.Faults[0] : "The journal is damaged.");
            }

            seconds.Sort();
            double median = seconds[seconds.Count / 2] * Records / records;
            var each = seconds.ConvertAll(s => s * 1e9 / entries);
            return new Finding
            {
                Name = Name,
                Subject = Spread.Of(each.ToArray()),
                Note = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{entries:N0} records, {bytes / 1048576.0:N0} MiB: {seconds[seconds.Count / 2]:0.00} s{(records < Records ? $", {median:0.0} s for {Records:N0}" : "")} (goal {MostSeconds:0} s: {(median <= MostSeconds ? "met" : "missed")}); {held / 1048576.0:N0} MiB allocated in all, whatever the length: the ledger, the segments and a buffer of two of the longest entries"),
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static RouterOptions Options() => new() { LedgerCapacity = 1 << 16 };

    private static long Write(string folder, int records)
    {
        var how = new RouterStoreOptions { Durability = Durability.None, SnapshotBytes = 0, QueueBytes = 1 << 25, SegmentBytes = 1 << 28 };
        RouterStore? store = null;
        var traffic = new Traffic(Strategy.Learning, Seed, open: options => (store = RouterStore.Open(folder, options, how)).Router);
        using (store)
        {
            for (int i = 0; i < records / 2; i++)
            {
                traffic.Router.TryDecide(new Request(traffic.Order[i & (Traffic.Draws - 1)]), out Decision decision);
                traffic.Router.Record(decision, traffic.OutcomeOf(decision.Arm, i));
                if (i % 16384 == 0) store!.Flush(); // so that no decision is dropped
            }

            store!.Flush();
            if (store.Statistics.Dropped > 0) throw new InvalidOperationException($"{store.Statistics.Dropped} entries found no room.");
            return store.Statistics.Written;
        }
    }
}
