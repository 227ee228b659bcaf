namespace Bandits.Rae;

/// <summary>What one push did.</summary>
/// <param name="Pushed">Requests that the server has taken, duplicates included.</param>
/// <param name="Deduplicated">Of these, those that it had already.</param>
/// <param name="Dead">Requests that it refused for good.</param>
/// <param name="Waiting">Requests that still wait.</param>
/// <param name="Error">Why they do; null when none does.</param>
public readonly record struct PushReport(int Pushed, int Deduplicated, int Dead, int Waiting, string? Error);
