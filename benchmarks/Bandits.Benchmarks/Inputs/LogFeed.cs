using System.Buffers;

namespace Bandits.Benchmarks.Inputs;

/// <summary>A log that comes in chunks of new records, each chunk in memory.</summary>
internal sealed class LogFeed(int seed, KeyOrder order)
{
    public const int ChunkRecords = 10_000;
    private readonly ExecutionLog _log = new(seed, order);
    private readonly ArrayBufferWriter<byte> _chunk = new(8 << 20);

    public ReadOnlySpan<byte> Chunk => _chunk.WrittenSpan;

    /// <summary>Replaces the chunk by the next one.</summary>
    public void Advance()
    {
        _chunk.ResetWrittenCount();
        _log.Write(_chunk, ChunkRecords);
    }
}
