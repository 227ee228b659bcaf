namespace Bandits.Reliability;

/// <summary>A store broke a promise; the message says which, and how to see it again.</summary>
public sealed class BrokenPromiseException(string message, Exception? inner = null) : Exception(message, inner);
