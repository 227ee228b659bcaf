using System.Buffers.Binary;
using System.IO.Hashing;

namespace Bandits.History;

/// <summary>
/// The 128-bit identity of a record: a hash of its known fields in their fixed order, whatever the order, spacing, escapes and number spelling of
/// the line. Null is the same as missing, empty metadata the same as none; unknown fields do not count. Normative in <c>docs/history-format.md</c>.
/// Not a defence against somebody who constructs collisions.
/// </summary>
internal sealed class RecordIdentity
{
    // Per field: one byte of field number, four of length.
    private const int Frame = 5;

    private byte[] _canonical = new byte[1024];

    /// <summary>The identity of the record that <paramref name="record"/> read from <paramref name="line"/>.</summary>
    public UInt128 Of(RecordParser record, ReadOnlySpan<byte> line)
    {
        int longest = line.Length + RecordFields.Count * (Frame + 16);
        if (_canonical.Length < longest) _canonical = new byte[Math.Max(longest, 2 * _canonical.Length)];
        Span<byte> canonical = _canonical;
        int length = 0;
        for (int i = 0; i < RecordFields.Count; i++)
        {
            var field = (RecordField)i;
            if (!record.Has(field) || (field == RecordField.Metadata && !record.HasMetadata)) continue;
            Span<byte> value = canonical[(length + Frame)..];
            int written;
            switch (field)
            {
                case RecordField.DurationSeconds: written = Write(value, BitConverter.DoubleToInt64Bits(record.DurationSeconds)); break;
                case RecordField.TotalCostUsd: written = Write(value, BitConverter.DoubleToInt64Bits(record.CostUsd)); break;
                case RecordField.NumSteps: written = Write(value, record.Steps); break;
                case RecordField.NumRetries: written = Write(value, record.Retries); break;
                case RecordField.QualityGatePassed or RecordField.CodeReviewPassed or RecordField.PlanReviewPassed:
                    value[0] = record.Flag(field) == true ? (byte)1 : (byte)0;
                    written = 1;
                    break;
                case RecordField.Metadata:
                    BinaryPrimitives.WriteUInt128LittleEndian(value, record.MetadataHash);
                    written = 16;
                    break;
                default:
                    ReadOnlySpan<byte> text = record.Text(line, field);
                    text.CopyTo(value);
                    written = text.Length;
                    break;
            }

            canonical[length] = (byte)i;
            BinaryPrimitives.WriteInt32LittleEndian(canonical[(length + 1)..], written);
            length += Frame + written;
        }

        return XxHash128.HashToUInt128(canonical[..length]);
    }

    private static int Write(Span<byte> value, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(value, number);
        return sizeof(long);
    }
}
