using System.Text.Json;

namespace Bandits.Rae;

/// <summary>A memory as the server lists or finds it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text, as scrubbed by the server.</param>
/// <param name="Score">How well it matches a query; NaN in a list.</param>
/// <param name="CreatedAt">When it was created, UTC; null where the server does not say.</param>
/// <param name="Metadata">What was stored beside it; undefined where there is nothing.</param>
public sealed record RaeMemory(string Id, string Content, double Score, DateTimeOffset? CreatedAt, JsonElement Metadata);
