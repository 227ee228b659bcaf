using System.Globalization;
using System.Text;
using Bandits.Storage.Journal;

namespace Bandits.Rae.Formats;

/// <summary>One memory of evidence: cells of one part of one window of a store's chain. Normative in <c>docs/rae-format.md</c>.</summary>
/// <remarks>
/// Window 1 of a chain holds every cell; a later one those that changed since the window before it, each with all that it holds by then. So the cells of the windows from 1 on, later ones in place of
/// earlier ones, are the store's own evidence at <see cref="Sequence"/>.
/// </remarks>
internal sealed record EvidencePart
{
    public const string Schema = "bandits.evidence/1";

    /// <summary>Name of the store.</summary>
    public required string Store { get; init; }

    /// <summary>The chain: a random number that its exporter drew when it told of every cell.</summary>
    public required ulong Chain { get; init; }

    /// <summary>Number of the window in the chain, from 1.</summary>
    public required long Window { get; init; }

    /// <summary>Which part of the window, from 0.</summary>
    public required int Part { get; init; }

    /// <summary>Parts of the window.</summary>
    public required int Parts { get; init; }

    /// <summary>Version of the store's evidence after this window.</summary>
    public required long Sequence { get; init; }

    /// <summary>Names of the segment's dimensions.</summary>
    public required IReadOnlyList<string> Dimensions { get; init; }

    /// <summary>The cells; one that holds nothing takes the place of one that did.</summary>
    public required IReadOnlyList<JoinedEvidence> Cells { get; init; }

    /// <summary>CRC-32C of every field in order, each as (bytes of UTF-8 in decimal, colon, text, comma).</summary>
    public uint Checksum()
    {
        uint crc = 0;
        foreach (string field in Fields())
        {
            byte[] text = Encoding.UTF8.GetBytes(field);
            crc = Crc32C.Of(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{text.Length}:")), crc);
            crc = Crc32C.Of(text, crc);
            crc = Crc32C.Of(","u8, crc);
        }

        return crc;
    }

    private IEnumerable<string> Fields()
    {
        yield return Schema;
        yield return Store;
        yield return Chain.ToString("x16", CultureInfo.InvariantCulture);
        foreach (long number in (long[])[Window, Part, Parts, Sequence, Dimensions.Count]) yield return number.ToString(CultureInfo.InvariantCulture);
        foreach (string dimension in Dimensions) yield return dimension;
        yield return Cells.Count.ToString(CultureInfo.InvariantCulture);
        foreach (JoinedEvidence cell in Cells)
        {
            for (int d = 0; d < Dimensions.Count; d++) yield return cell.Segment.Span[d] ?? "";
            yield return cell.ArmId;
            yield return EvidenceWords.Write(cell.Evidence);
        }
    }
}
