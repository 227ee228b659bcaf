using System.Globalization;
using System.Text.Json;

namespace Bandits.Rae.Formats;

/// <summary>Reads a part of evidence from a memory's metadata, which anybody may have written: what cannot be right is a reason, never an exception.</summary>
internal static class EvidencePartReader
{
    private const int MostCells = 10_000;
    private const int MostParts = 100_000;
    private const int MostDimensions = 64;
    private const int LongestArm = 200;
    private const int LongestName = 512;
    private const int StoreDigits = 16;

    /// <summary>Largest number that every JSON reader keeps.</summary>
    private const long MostWindow = 1L << 53;

    /// <summary>Whether the metadata says that it is evidence of any version, or says something that is no text, so that <see cref="Read"/> names it.</summary>
    public static bool IsEvidence(JsonElement metadata)
    {
        try
        {
            return Schema(metadata)?.StartsWith("bandits.evidence/", StringComparison.Ordinal) == true;
        }
        catch (InvalidOperationException)
        {
            return true; // half of a surrogate pair
        }
    }

    /// <summary>The schema that the metadata names, if any that can be read.</summary>
    public static string? SchemaOf(JsonElement metadata)
    {
        try
        {
            return Schema(metadata);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The part, or null and why not.</summary>
    public static EvidencePart? Read(JsonElement metadata, out string? fault, int mostCells = MostCells)
    {
        try
        {
            EvidencePart part = ReadChecked(metadata, mostCells);
            fault = null;
            return part;
        }
        catch (Exception e) when (e is InvalidDataException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            fault = e is InvalidDataException ? e.Message : "A field is missing, of another type or no text.";
            return null;
        }
    }

    private static string? Schema(JsonElement metadata) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty("schema", out JsonElement schema) && schema.ValueKind == JsonValueKind.String ? Text(schema) : null;

    private static EvidencePart ReadChecked(JsonElement metadata, int mostCells)
    {
        string schema = Schema(metadata) ?? "";
        if (schema != EvidencePart.Schema) throw new InvalidDataException($"Its schema is '{Shown(schema)}'; this version reads {EvidencePart.Schema}.");
        string store = Text(metadata.GetProperty("store")), chain = Text(metadata.GetProperty("chain"));
        if (!IsHex(store)) throw new InvalidDataException("Its store is no name: sixteen hexadecimal digits in lower case.");
        if (!IsHex(chain)) throw new InvalidDataException("Its chain is no number: sixteen hexadecimal digits in lower case.");
        string[] dimensions = Names(metadata.GetProperty("dimensions"), MostDimensions, "dimensions");
        int parts = (int)Whole(metadata, "parts", 1, MostParts);
        var part = new EvidencePart
        {
            Store = store,
            Chain = ulong.Parse(chain, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            Window = Whole(metadata, "window", 1, MostWindow),
            Part = (int)Whole(metadata, "part", 0, parts - 1),
            Parts = parts,
            Sequence = long.TryParse(Text(metadata.GetProperty("sequence")), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
                ? sequence : throw new InvalidDataException("Its sequence is no whole number of at least 0."),
            Dimensions = dimensions,
            Cells = Cells(metadata.GetProperty("cells"), dimensions.Length, mostCells),
        };
        string checksum = Text(metadata.GetProperty("checksum"));
        if (checksum != part.Checksum().ToString("x8", CultureInfo.InvariantCulture)) throw new InvalidDataException("Its checksum is wrong: it was changed on its way.");
        return part;
    }

    private static JoinedEvidence[] Cells(JsonElement array, int depth, int mostCells)
    {
        int count = array.GetArrayLength();
        if (count > mostCells) throw new InvalidDataException($"It has {count} cells; the allowed range is 0 to {mostCells}.");
        var cells = new JoinedEvidence[count];
        int at = 0;
        foreach (JsonElement cell in array.EnumerateArray())
        {
            string[] segment = Names(cell.GetProperty("segment"), depth, "values");
            if (segment.Length != depth) throw new InvalidDataException($"A cell has {segment.Length} values for {depth} dimensions.");
            string arm = Text(cell.GetProperty("arm"));
            if (arm.Length is 0 or > LongestArm) throw new InvalidDataException($"A cell's arm has {arm.Length} characters; the allowed range is 1 to {LongestArm}.");
            if (!EvidenceWords.TryRead(Text(cell.GetProperty("evidence")), out Evidence evidence)) throw new InvalidDataException("A cell's evidence is impossible: its counts and sums contradict each other, or it is not 27 words.");
            cells[at++] = new JoinedEvidence(segment, arm, evidence);
        }

        return cells;
    }

    private static string[] Names(JsonElement array, int most, string what)
    {
        int count = array.GetArrayLength();
        if (count > most) throw new InvalidDataException($"It has {count} {what}; the allowed range is 0 to {most}.");
        var names = new string[count];
        int at = 0;
        foreach (JsonElement element in array.EnumerateArray())
        {
            names[at] = Text(element);
            if (names[at].Length > LongestName) throw new InvalidDataException($"One of its {what} has {names[at].Length} characters; the allowed range is 0 to {LongestName}.");
            at++;
        }

        return names;
    }

    private static long Whole(JsonElement metadata, string name, long least, long most)
    {
        JsonElement element = metadata.GetProperty(name);
        if (!element.TryGetInt64(out long number) || number < least || number > most) throw new InvalidDataException($"Its {name} is {Shown(element.GetRawText())}; the allowed range is {least} to {most}.");
        return number;
    }

    private static string Text(JsonElement element) => element.GetString() ?? throw new InvalidDataException("A text is null.");

    private static bool IsHex(string text)
    {
        if (text.Length != StoreDigits) return false;
        foreach (char digit in text)
            if (!char.IsAsciiHexDigitLower(digit)) return false;
        return true;
    }

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
