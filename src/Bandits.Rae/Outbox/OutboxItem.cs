namespace Bandits.Rae.Outbox;

/// <summary>One request that waits.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Request">The JSON of the request.</param>
/// <param name="End">Position after it.</param>
internal readonly record struct OutboxItem(OutboxKind Kind, ReadOnlyMemory<byte> Request, long End);
