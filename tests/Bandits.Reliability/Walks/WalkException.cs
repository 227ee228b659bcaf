namespace Bandits.Reliability.Walks;

/// <summary>A store broke its promise.</summary>
public sealed class WalkException(string message) : Exception(message);
