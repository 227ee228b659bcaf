using System.Text.Json;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Baselines;

/// <summary>Frozen, never edit. A bare <see cref="Utf8JsonReader"/> walks over every token of a chunk of JSON lines; one operation is one record.</summary>
internal sealed class TokenPass(LogFeed feed) : IOperation
{
    private static readonly JsonReaderOptions s_options = new() { AllowMultipleValues = true };

    public int Count => LogFeed.ChunkRecords;

    public long Run()
    {
        var reader = new Utf8JsonReader(feed.Chunk, s_options);
        long tokens = 0;
        while (reader.Read()) tokens++;
        return tokens;
    }
}
