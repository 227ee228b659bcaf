using System.Globalization;
using Bandits.Benchmarks.Baselines;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Operations;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>Importing a log.</summary>
internal static class ImportRows
{
    private const int Seed = 20260117;

    public static IEnumerable<Row> All()
    {
        yield return Of(RowNames.Import, KeyOrder.AsWritten);
        yield return Of("import to aggregates, keys in another order in every record", KeyOrder.Shuffled);
        yield return new KeptBytesRow { Name = RowNames.KeptBytes };
    }

    private static TimedRow Of(string name, KeyOrder order)
    {
        double bytesPerRecord = 0;
        return new TimedRow
        {
            Name = name,
            SetUp = () =>
            {
                var feed = new LogFeed(Seed, order);
                feed.Advance();
                bytesPerRecord = (double)feed.Chunk.Length / LogFeed.ChunkRecords;
                return new Contest(new Import(feed), new TokenPass(feed));
            },
            Against = "a bare `Utf8JsonReader` token pass over the same bytes (throughput)",
            RatioGoal = Goal.AtLeast(0.6),
            IsThroughput = true,
            GrowsHistory = true,
            Remark = timing => string.Create(
                CultureInfo.InvariantCulture,
                $"{1e9 / timing.Subject.Median:N0} records/s, {1e3 * bytesPerRecord / timing.Subject.Median:N0} MB/s; token pass {1e3 * bytesPerRecord / timing.Baseline!.Median:N0} MB/s"),
        };
    }
}
