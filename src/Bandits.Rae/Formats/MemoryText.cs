using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Bandits.Rae.Formats;

/// <summary>Requests as JSON, and the memories in an answer.</summary>
internal static class MemoryText
{
    public const string Source = "bandits";

    /// <summary>The request that creates a memory. What the server accepts and drops (information class, governance) stands in the metadata, too.</summary>
    public static byte[] Create(RaeOptions options, string content, string layer, double importance, string tag, string schema, Action<Utf8JsonWriter> metadata, double? confidence = null)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("content", content);
            json.WriteString("source", Source);
            json.WriteString("project", options.Project);
            json.WriteNumber("importance", importance);
            json.WriteStartArray("tags");
            json.WriteStringValue("bandits");
            json.WriteStringValue(tag);
            json.WriteEndArray();
            json.WriteString("layer", layer);
            json.WriteString("agent_id", Source);
            WriteGovernance(json, options, confidence);
            json.WriteStartObject("metadata");
            json.WriteString("schema", schema);
            metadata(json);
            WriteGovernance(json, options, confidence);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    public static byte[] Query(string query, string project, int most)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("query", query);
            json.WriteString("project", project);
            json.WriteNumber("k", most);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The memories in an answer, copied out of it; null when it is of another shape. One without an id is left out.</summary>
    public static List<RaeMemory>? Results(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("results", out JsonElement results) || results.ValueKind != JsonValueKind.Array) return null;
        var memories = new List<RaeMemory>(results.GetArrayLength());
        foreach (JsonElement result in results.EnumerateArray()) memories.Add(Memory(result));
        return memories;
    }

    /// <summary>The same request with a word at the end of its content, so that the server does not take it for one that it has.</summary>
    public static byte[] WithContent(ReadOnlyMemory<byte> request, int variant)
    {
        using JsonDocument document = JsonDocument.Parse(request);
        var bytes = new ArrayBufferWriter<byte>(request.Length + 16);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (JsonProperty field in document.RootElement.EnumerateObject())
            {
                if (field.NameEquals("content")) json.WriteString(field.Name, field.Value.GetString() + " again=" + variant.ToString(CultureInfo.InvariantCulture));
                else field.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The content of a request made here.</summary>
    public static string ContentOf(ReadOnlyMemory<byte> request)
    {
        using JsonDocument document = JsonDocument.Parse(request);
        return document.RootElement.GetProperty("content").GetString()!;
    }

    /// <summary>The layer of a request made here.</summary>
    public static string LayerOf(ReadOnlyMemory<byte> request)
    {
        using JsonDocument document = JsonDocument.Parse(request);
        return document.RootElement.GetProperty("layer").GetString()!;
    }

    private static RaeMemory Memory(JsonElement result)
    {
        if (result.ValueKind != JsonValueKind.Object) return new RaeMemory("", "", double.NaN, null, default);
        double score = result.TryGetProperty("score", out JsonElement number) && number.ValueKind == JsonValueKind.Number ? number.GetDouble() : double.NaN;
        return new RaeMemory(Text(result, "id"), Text(result, "content"), score, Time(result), result.TryGetProperty("metadata", out JsonElement metadata) ? metadata.Clone() : default);
    }

    private static string Text(JsonElement result, string name)
    {
        if (!result.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.String) return "";
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return ""; // half of a surrogate pair
        }
    }

    /// <summary>The server's times have no zone and are UTC.</summary>
    private static DateTimeOffset? Time(JsonElement result)
    {
        foreach (string name in (string[])["created_at", "timestamp"])
        {
            if (DateTimeOffset.TryParse(Text(result, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)) return time;
        }

        return null;
    }

    private static void WriteGovernance(Utf8JsonWriter json, RaeOptions options, double? confidence)
    {
        json.WriteString("info_class", options.InfoClass);
        json.WriteStartObject("governance");
        json.WriteString("pattern_type", "routing_decision");
        json.WriteStartObject("fields");
        if (confidence is { } known && double.IsFinite(known)) json.WriteNumber("decision_basis_confidence", Math.Round(known, 6));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
