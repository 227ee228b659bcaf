using System.Globalization;
using System.Text;

namespace Bandits.Rae.Formats;

/// <summary>Segment and arm of a cell as one text, each part with its length before it, so that no two cells share one.</summary>
internal static class CellName
{
    public static string Of(in JoinedEvidence cell)
    {
        var text = new StringBuilder();
        foreach (string? value in cell.Segment.Span) Append(text, value ?? "");
        Append(text, cell.ArmId);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string part) => text.Append(CultureInfo.InvariantCulture, $"{part.Length}:").Append(part);
}
