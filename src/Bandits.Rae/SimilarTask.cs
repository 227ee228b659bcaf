using System.Text.Json;
using Bandits.Rae.Formats;

namespace Bandits.Rae;

/// <summary>A past task that the server finds like a text.</summary>
public sealed record SimilarTask
{
    /// <summary>Id of its memory.</summary>
    public required string MemoryId { get; init; }

    /// <summary>How alike it is, as the server says; only the order means anything.</summary>
    public required double Score { get; init; }

    /// <summary>The memory's text.</summary>
    public required string Content { get; init; }

    /// <summary>What the memory is: the schema of its metadata, such as <c>bandits.decision/1</c>; null for one that another program wrote.</summary>
    public string? Schema { get; init; }

    /// <summary>Values of the segment by dimension; empty where the memory is no decision.</summary>
    public IReadOnlyDictionary<string, string> Segment { get; init; } = new Dictionary<string, string>();

    /// <summary>Id of the arm; null where unknown, as all that follows.</summary>
    public string? Arm { get; init; }

    /// <summary>What became of it, as a word.</summary>
    public string? Outcome { get; init; }

    /// <summary>Quality in [0, 1].</summary>
    public double? Quality { get; init; }

    /// <summary>Cost, USD.</summary>
    public double? CostUsd { get; init; }

    /// <summary>Latency, seconds.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>The store in which it was decided.</summary>
    public string? Store { get; init; }

    /// <summary>The decision's id.</summary>
    public string? DecisionId { get; init; }

    internal static SimilarTask Of(RaeMemory memory)
    {
        string? schema = EvidencePartReader.SchemaOf(memory.Metadata);
        var task = new SimilarTask { MemoryId = memory.Id, Score = memory.Score, Content = memory.Content, Schema = schema };
        if (schema?.StartsWith("bandits.decision/", StringComparison.Ordinal) != true) return task;
        var segment = new Dictionary<string, string>(StringComparer.Ordinal);
        if (memory.Metadata.TryGetProperty("segment", out JsonElement values) && values.ValueKind == JsonValueKind.Object)
            foreach (JsonProperty value in values.EnumerateObject())
                if (JsonText.Of(value.Value) is { } text) segment[value.Name] = text;
        return task with
        {
            Segment = segment,
            Arm = Text("arm"),
            Outcome = Text("outcome"),
            Store = Text("store"),
            DecisionId = Text("decision_id"),
            Quality = Reward("quality"),
            CostUsd = Reward("cost_usd"),
            DurationSeconds = Reward("duration_s"),
        };

        string? Text(string name) => memory.Metadata.TryGetProperty(name, out JsonElement value) ? JsonText.Of(value) : null;

        double? Reward(string name) => memory.Metadata.TryGetProperty("reward", out JsonElement reward) && reward.ValueKind == JsonValueKind.Object
            && reward.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
    }
}
