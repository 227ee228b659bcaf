using System.Text.Json;

namespace Bandits.Rae.Formats;

/// <summary>Text of an answer that may be anything.</summary>
internal static class JsonText
{
    /// <summary>The text; null where there is none, or none that is text: half a surrogate pair is valid JSON.</summary>
    public static string? Of(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
