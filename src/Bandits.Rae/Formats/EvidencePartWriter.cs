using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bandits.Rae.Formats;

/// <summary>A part of evidence as the request that creates its memory.</summary>
internal static class EvidencePartWriter
{
    private const double Importance = 0.6;

    /// <summary>Cells named in the text, so that a search finds them; all are in the metadata.</summary>
    private const int CellsInText = 5;

    /// <summary>The server splits content of more than 1,500 characters.</summary>
    private const int MostCharacters = 1400;

    public static byte[] ToRequest(EvidencePart part, RaeOptions options)
    {
        uint checksum = part.Checksum();
        return MemoryText.Create(options, ContentOf(part, checksum), options.EvidenceLayer, Importance, "bandit_evidence", EvidencePart.Schema, json => WriteFields(json, part, checksum));
    }

    /// <summary>The fields of the metadata, inside an object that names the schema.</summary>
    public static void WriteFields(Utf8JsonWriter json, EvidencePart part, uint checksum)
    {
        json.WriteString("store", part.Store);
        json.WriteString("chain", part.Chain.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteNumber("window", part.Window);
        json.WriteNumber("part", part.Part);
        json.WriteNumber("parts", part.Parts);
        json.WriteString("sequence", part.Sequence.ToString(CultureInfo.InvariantCulture));
        json.WriteStartArray("dimensions");
        foreach (string dimension in part.Dimensions) json.WriteStringValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("cells");
        foreach (JoinedEvidence cell in part.Cells)
        {
            json.WriteStartObject();
            json.WriteStartArray("segment");
            foreach (string? value in cell.Segment.Span) json.WriteStringValue(value ?? "");
            json.WriteEndArray();
            json.WriteString("arm", cell.ArmId);
            json.WriteString("evidence", EvidenceWords.Write(cell.Evidence));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("checksum", checksum.ToString("x8", CultureInfo.InvariantCulture));
    }

    /// <summary>One sentence, unique by its key: chain, window, part and checksum in letters.</summary>
    public static string ContentOf(EvidencePart part, uint checksum)
    {
        var text = new StringBuilder("bandit_evidence store=");
        text.Letters(ulong.Parse(part.Store, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).Append(" key=");
        text.Letters(part.Chain).Append('_').Letters((ulong)part.Window).Append('_').Letters((ulong)part.Part).Append('_').Letters(checksum);
        text.Append(" window=").Count(part.Window).Append(" part=").Count(part.Part + 1L).Append(" of=").Count(part.Parts).Append(" cells=").Count(part.Cells.Count);
        foreach (JoinedEvidence cell in part.Cells.OrderByDescending(cell => cell.Evidence.Total).Take(CellsInText))
        {
            int before = text.Length;
            Cell(text, cell);
            if (text.Length > MostCharacters)
            {
                text.Length = before;
                break;
            }
        }

        return text.ToString();
    }

    private static void Cell(StringBuilder text, in JoinedEvidence cell)
    {
        Evidence e = cell.Evidence;
        text.Append(" seg=").Segment(cell.Segment.Span).Append(" arm=").Name(cell.ArmId).Append(" n=").Count(e.Total);
        if (e.QualityCount > 0) text.Append(" quality=").Number(e.QualitySum / e.QualityCount);
        if (e.CostCount > 0) text.Append(" cost_usd=").Number(e.CostSumUsd / e.CostCount);
        if (e.LatencyCount > 0) text.Append(" duration_s=").Number(e.LatencySumSeconds / e.LatencyCount);
    }

    /// <summary>At most four values: what is told apart by more is told apart in the metadata.</summary>
    public static StringBuilder Segment(this StringBuilder text, ReadOnlySpan<string?> values)
    {
        for (int d = 0; d < Math.Min(4, values.Length); d++) (d == 0 ? text : text.Append('/')).Name(values[d] ?? "");
        return values.Length == 0 ? text.Append("all") : text;
    }
}
