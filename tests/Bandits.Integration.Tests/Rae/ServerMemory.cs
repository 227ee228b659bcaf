using System.Text.Json.Nodes;

namespace Bandits.Integration.Tests.Rae;

/// <summary>A memory that the fake server holds.</summary>
internal sealed record ServerMemory(string Id, Guid Tenant, string Content, string Layer, string Project, JsonArray Tags, JsonObject Metadata, double Importance, DateTime CreatedAt, string? Source);
