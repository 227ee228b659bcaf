using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Bandits.History;

/// <content>The quick way: lines without escapes, in which nothing is nested but the metadata.</content>
internal sealed partial class RecordParser
{
    // The metadata are one level down, and the whole line may have 64.
    private static readonly JsonReaderOptions MetadataOptions = new() { MaxDepth = 63 };

    /// <summary>
    /// Fills the slots from a line that is plain: no escapes, nothing nested but the metadata. False says nothing of the line but that the reader
    /// must look at it.
    /// </summary>
    private bool ScanPlain(ReadOnlySpan<byte> line)
    {
        uint present = 0, texts = 0;
        if (line.IsEmpty || line[0] != (byte)'{') return false;
        int at = 1;
        while (true)
        {
            at = PlainJson.SkipSpace(line, at);
            if ((uint)at >= (uint)line.Length || line[at] != (byte)'"') return false;
            int end = PlainJson.EndOfPlainString(line, ++at);
            if (end < 0) return false;
            RecordField field = RecordFields.Match(line, at, end - at);
            at = PlainJson.SkipSpace(line, end + 1);
            if ((uint)at >= (uint)line.Length || line[at] != (byte)':') return false;
            at = PlainJson.SkipSpace(line, at + 1);
            if ((uint)at >= (uint)line.Length) return false;

            Slot slot;
            slot.Start = at;
            byte lead = line[at];
            if (lead == (byte)'"')
            {
                end = PlainJson.EndOfPlainString(line, at + 1);
                if (end < 0) return false;
                (slot.Kind, slot.Length) = (SlotKind.Text, end - at - 1);
                at = end + 1;
            }
            else if (lead <= (byte)'9')
            {
                end = PlainJson.EndOfNumber(line, at);
                if (end < 0) return false;
                (slot.Kind, slot.Length) = (SlotKind.Number, end - at);
                at = end;
            }
            else if (lead == (byte)'{' && field == RecordField.Metadata)
            {
                slot.Kind = SlotKind.Object;
                slot.Length = ReadMetadata(line[at..]);
                if (slot.Length < 0) return false;
                at += slot.Length;
            }
            else
            {
                slot.Kind = Word(line[at..], out slot.Length);
                if (slot.Length == 0) return false;
                at += slot.Length;
            }

            if (field != RecordField.Unknown)
            {
                uint bit = 1u << (int)field;
                present = slot.Kind == SlotKind.Null ? present & ~bit : present | bit;
                texts = slot.Kind == SlotKind.Text ? texts | bit : texts & ~bit;
                _slots[(int)field] = slot;
            }

            at = PlainJson.SkipSpace(line, at);
            if ((uint)at >= (uint)line.Length) return false;
            byte next = line[at++];
            if (next == (byte)',') continue;
            _present = present;
            _texts = texts;
            return next == (byte)'}' && PlainJson.SkipSpace(line, at) == line.Length;
        }
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
