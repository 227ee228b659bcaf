namespace Bandits.Rae.Import;

/// <summary>A chain of which windows wait for others that are missing.</summary>
/// <param name="Store">The store.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Newest">Time of the newest of its parts that was listed, in ticks; 0 where the server does not say.</param>
internal readonly record struct WaitingChain(string Store, ulong Chain, long Newest);
