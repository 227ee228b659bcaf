using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Bandits.History;

/// <content>The quick way: lines without escapes, in which nothing is nested but the metadata.</content>
internal sealed partial class RecordParser
{
    // The metadata are one level down, and the whole line may have 64.
    private static readonly JsonReaderOptions MetadataOptions = new() { MaxDepth = 63 };

    private readonly LineQuotes _quotes = new();

    /// <summary>
    /// Fills the slots from a line that is plain: no escapes, nothing nested but the metadata. False says nothing of the line but that the reader
    /// must look at it.
    /// </summary>
    private bool ScanPlain(ReadOnlySpan<byte> line)
    {
        if (!_quotes.TryFind(line, out bool isAscii) || line[0] != (byte)'{' || line[^1] != (byte)'}') return false;
        if (!isAscii && !Utf8.IsValid(line)) return false;
        ReadOnlySpan<int> quotes = _quotes.Positions;
        uint present = 0, texts = 0;
        int at = 1;
        while (true)
        {
            // Here and below: a quotation mark beyond the line's end equals no position in it.
            int key = quotes[0], end = quotes[1];
            if (at != key && PlainJson.SkipSpace(line, at) != key) return false;
            if (end >= line.Length - 3) return false; // a colon, a value and the end must follow
            RecordField field = RecordFields.Match(line, key + 1, end - key - 1);
            at = end + 3;
            if (PlainJson.Pair(line, end + 1) != PlainJson.ColonSpace || line[at] <= (byte)' ')
            {
                at = PlainJson.SkipSpace(line, end + 1);
                if (line[at] != (byte)':') return false;
                at = PlainJson.SkipSpace(line, at + 1);
            }

            Slot slot;
            slot.Start = at;
            if (at == quotes[2])
            {
                end = quotes[3];
                if (end >= line.Length) return false;
                (slot.Kind, slot.Length) = (SlotKind.Text, end - at - 1);
                at = end + 1;
                quotes = quotes[4..];
            }
            else
            {
                quotes = quotes[2..];
                slot.Length = Unquoted(line, at, field, quotes, out slot.Kind);
                if (slot.Length <= 0) return false;
                at += slot.Length;
                if (slot.Kind == SlotKind.Object)
                {
                    while (quotes[0] < at) quotes = quotes[1..];
                }
            }

            if (field != RecordField.Unknown)
            {
                uint bit = 1u << (int)field;
                present = slot.Kind == SlotKind.Null ? present & ~bit : present | bit;
                texts = slot.Kind == SlotKind.Text ? texts | bit : texts & ~bit;
                _slots[(int)field] = slot;
            }

            if (at < line.Length - 1 && PlainJson.Pair(line, at) == PlainJson.CommaSpace)
            {
                at += 2;
                continue;
            }

            at = PlainJson.SkipSpace(line, at);
            if ((uint)at >= (uint)line.Length) return false;
            if (line[at++] == (byte)',') continue;
            _present = present;
            _texts = texts;
            return at == line.Length; // it was the last byte, which is '}'
        }
    }

    /// <summary>The length of the value that starts at <paramref name="at"/> and is no text; 0 or less when the reader must look at it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Unquoted(ReadOnlySpan<byte> line, int at, RecordField field, ReadOnlySpan<int> quotes, out SlotKind kind)
    {
        byte lead = line[at];
        if (lead <= (byte)'9')
        {
            kind = SlotKind.Number;
            return PlainJson.EndOfNumber(line, at) - at;
        }

        if (lead == (byte)'{' && field == RecordField.Metadata)
        {
            kind = SlotKind.Object;
            int length = _metadata.ReadFlat(line, at, quotes);
            return length > 0 ? length : ReadMetadata(line[at..]);
        }

        kind = Word(line[at..], out int word);
        return word;
    }

    /// <summary>Reads the object that <paramref name="rest"/> starts with; its length, or -1 when it is broken.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReadMetadata(ReadOnlySpan<byte> rest)
    {
        try
        {
            var reader = new Utf8JsonReader(rest, MetadataOptions);
            reader.Read();
            _metadata.Read(ref reader);
            return (int)reader.BytesConsumed;
        }
        catch (JsonException)
        {
            return -1;
        }
    }

    private static SlotKind Word(ReadOnlySpan<byte> rest, out int length)
    {
        if (rest.StartsWith("true"u8))
        {
            length = 4;
            return SlotKind.True;
        }

        if (rest.StartsWith("null"u8))
        {
            length = 4;
            return SlotKind.Null;
        }

        length = rest.StartsWith("false"u8) ? 5 : 0;
        return SlotKind.False;
    }
}
