using System.Text.Json;

namespace Bandits.Rae.Export;

/// <summary>What the numbers in a journal's entries stand for, as its entries of settings, arms and segments say; every file of the journal says it anew.</summary>
internal sealed class JournalNames
{
    private readonly Dictionary<string, string[]> _segments = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _arms = [];

    public string[] Dimensions { get; private set; } = [];

    public string Policy { get; private set; } = "";

    /// <summary>Takes in an entry of settings, an arm or a segment.</summary>
    public void Take(JsonElement entry)
    {
        switch (entry.GetProperty("kind").GetString())
        {
            case "arm": _arms[entry.GetProperty("arm").GetInt32()] = entry.GetProperty("id").GetString()!; break;
            case "segment": _segments[entry.GetProperty("segment").GetString()!] = Texts(entry.GetProperty("values")); break;
            case "settings":
                Dimensions = Texts(entry.GetProperty("dimensions"));
                if (entry.GetProperty("settings").TryGetProperty("policy", out JsonElement policy) && policy.ValueKind == JsonValueKind.String) Policy = policy.GetString()!;
                break;
        }
    }

    /// <summary>Segment and arm of an outcome; false when the journal has not named them.</summary>
    public bool TryName(JsonElement outcome, out string[] segment, out string arm)
    {
        arm = "";
        return _segments.TryGetValue(outcome.GetProperty("segment").GetString()!, out segment!) && _arms.TryGetValue(outcome.GetProperty("arm").GetInt32(), out arm!);
    }

    private static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(text => text.GetString() ?? "")];
}
