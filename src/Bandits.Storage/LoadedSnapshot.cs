namespace Bandits.Storage;

/// <summary>A snapshot as it was found on disk.</summary>
/// <param name="State">The state.</param>
/// <param name="Checksum">Checksum of its bytes: equal states have equal ones.</param>
/// <param name="IsPrevious">True when the newest generation was missing or damaged and the one before it was taken.</param>
/// <param name="Fault">What was wrong with the newest generation, or null.</param>
public sealed record LoadedSnapshot(RouterState State, ulong Checksum, bool IsPrevious, string? Fault);
