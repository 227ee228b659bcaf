using Bandits.History;

namespace Bandits.Benchmarks.Inputs;

/// <summary>A history store in a directory of its own, filled with the first records of the made-up log; deleted when disposed.</summary>
internal sealed class GrownHistory : IDisposable
{
    private const int Seed = 20260117;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bandits-benchmark-");
    private readonly HistoryStore _store;

    public GrownHistory(int records)
    {
        _store = HistoryStore.Open(_directory.FullName);
        var feed = new LogFeed(Seed, KeyOrder.AsWritten);
        for (int i = 0; i < records; i += LogFeed.ChunkRecords)
        {
            feed.Advance();
            using var chunk = new MemoryStream(feed.Chunk.ToArray(), writable: false);
            _store.Import(chunk);
        }
    }

    public HistoryStore Store => _store;

    public HistoryAnalytics Analytics => _store.Analytics;

    public void Dispose()
    {
        _store.Dispose();
        _directory.Delete(recursive: true);
    }
}
