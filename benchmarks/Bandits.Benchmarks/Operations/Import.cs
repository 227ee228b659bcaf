using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;
using Bandits.History;

namespace Bandits.Benchmarks.Operations;

/// <summary>Imports chunk after chunk of new records into one growing history, from bytes to aggregates; one operation is one record.</summary>
internal sealed class Import(LogFeed feed) : IOperation
{
    private readonly ExecutionHistory _history = new();

    public int Count => LogFeed.ChunkRecords;

    public void Prepare() => feed.Advance();

    public long Run() => _history.Import(feed.Chunk).Imported;
}
