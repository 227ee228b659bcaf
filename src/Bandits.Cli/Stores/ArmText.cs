using System.Text.Json;
using Bandits.Cli.Rendering;

namespace Bandits.Cli.Stores;

/// <summary>Between arms and their JSON. A field that is not known is an error: a slip of the pen must not pass for a default.</summary>
internal static class ArmText
{
    private const string Fields =
        "id, provider, tier, capabilities, input_usd_per_million_tokens, output_usd_per_million_tokens, context_window, similar_to, prior_from_price_tier, exploration_usd, status";

    public static List<DescribedArm> Parse(ReadOnlyMemory<byte> text, string source)
    {
        try
        {
            if (text.Span.StartsWith("\uFEFF"u8)) text = text[3..];
            using JsonDocument document = JsonDocument.Parse(text,
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Array) throw new UserErrorException($"{source}: an array of arms is expected, [{{\"id\": ...}}, ...].");
            var arms = new List<DescribedArm>();
            var options = new RouterOptions();
            foreach (JsonElement element in document.RootElement.EnumerateArray())
            {
                DescribedArm arm = ParseArm(element, $"{source}: arm {arms.Count + 1}");
                arms.Add(arm);
                options.Arms.Add(arm.Arm);
            }

            IReadOnlyList<string> faults = options.Validate();
            return faults.Count == 0 ? arms : throw new UserErrorException($"{source}: {string.Join(" ", faults)}");
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"{source} is not JSON: {e.Message}");
        }
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<DescribedArm> arms)
    {
        json.WriteStartArray();
        foreach ((Arm arm, ArmStatus status) in arms)
        {
            json.WriteStartObject();
            json.Field("id", arm.Id);
            json.Field("provider", arm.Provider);
            json.Field("tier", arm.Tier.ToString().ToLowerInvariant());
            json.Field("capabilities", arm.Capabilities);
            json.Field("input_usd_per_million_tokens", arm.InputUsdPerMillionTokens);
            json.Field("output_usd_per_million_tokens", arm.OutputUsdPerMillionTokens);
            json.Field("context_window", arm.ContextWindow);
            if (arm.SimilarTo is { } similar) json.Field("similar_to", similar);
            if (arm.PriorFromPriceTier) json.Field("prior_from_price_tier", true);
            if (arm.ExplorationUsd is { } most) json.Field("exploration_usd", most);
            json.Field("status", status.ToString().ToLowerInvariant());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static DescribedArm ParseArm(JsonElement element, string what)
    {
        if (element.ValueKind != JsonValueKind.Object) throw new UserErrorException($"{what} is not an object; its fields are {Fields}.");
        var arm = new Arm { Id = "" };
        ArmStatus status = ArmStatus.Enabled;
        foreach (JsonProperty field in element.EnumerateObject())
        {
            JsonElement value = field.Value;
            string name = $"{what}: {field.Name}";
            switch (field.Name)
            {
                case "id": arm = arm with { Id = Text(value, name) }; break;
                case "provider": arm = arm with { Provider = Text(value, name) }; break;
                case "tier": arm = arm with { Tier = Word<ArmTier>(value, name) }; break;
                case "capabilities": arm = arm with { Capabilities = Texts(value, name) }; break;
                case "input_usd_per_million_tokens": arm = arm with { InputUsdPerMillionTokens = Number(value, name) }; break;
                case "output_usd_per_million_tokens": arm = arm with { OutputUsdPerMillionTokens = Number(value, name) }; break;
                case "context_window": arm = arm with { ContextWindow = Whole(value, name) }; break;
                case "similar_to": arm = arm with { SimilarTo = value.ValueKind == JsonValueKind.Null ? null : Text(value, name) }; break;
                case "prior_from_price_tier": arm = arm with { PriorFromPriceTier = Flag(value, name) }; break;
                case "exploration_usd": arm = arm with { ExplorationUsd = Number(value, name) }; break;
                case "status": status = Word<ArmStatus>(value, name); break;
                default: throw new UserErrorException($"{name} is not a field of an arm; the fields are {Fields}.");
            }
        }

        return new DescribedArm(arm, status);
    }

    private static string Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new UserErrorException($"{name} is {value.GetRawText()}; a text is expected.");

    private static List<string> Texts(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Array) throw new UserErrorException($"{name} is {value.GetRawText()}; an array of texts is expected.");
        var texts = new List<string>();
        foreach (JsonElement text in value.EnumerateArray()) texts.Add(Text(text, name));
        return texts;
    }

    private static bool Flag(JsonElement value, string name) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new UserErrorException($"{name} is {value.GetRawText()}; true or false is expected.");

    private static double? Number(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => value.GetDouble(),
        _ => throw new UserErrorException($"{name} is {value.GetRawText()}; a number or null is expected."),
    };

    private static int? Whole(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number when value.TryGetInt32(out int whole) => whole,
        _ => throw new UserErrorException($"{name} is {value.GetRawText()}; a whole number below 2^31 or null is expected."),
    };

    private static TWord Word<TWord>(JsonElement value, string name)
        where TWord : struct, Enum
    {
        string text = Text(value, name);
        foreach (TWord word in Enum.GetValues<TWord>())
            if (string.Equals(word.ToString(), text, StringComparison.OrdinalIgnoreCase)) return word;
        throw new UserErrorException($"{name} is '{text}'; the allowed values are {string.Join(", ", Enum.GetNames<TWord>()).ToLowerInvariant()}.");
    }
}
