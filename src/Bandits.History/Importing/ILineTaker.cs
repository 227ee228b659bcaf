namespace Bandits.History;

/// <summary>What lines are read for.</summary>
internal interface ILineTaker
{
    /// <summary>Takes one line without its end, which starts at <paramref name="position"/> of its source.</summary>
    Offered Offer(ReadOnlySpan<byte> line, long position, out RecordFault fault);
}
