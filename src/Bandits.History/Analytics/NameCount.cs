namespace Bandits.History;

/// <summary>A name and how often it came.</summary>
/// <param name="Name">The name.</param>
/// <param name="Count">How often.</param>
public readonly record struct NameCount(string Name, long Count);
