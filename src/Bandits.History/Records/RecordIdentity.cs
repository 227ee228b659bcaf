using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
        for (uint left = record.Identifying; left != 0; left &= left - 1)
        {
            int number = BitOperations.TrailingZeroCount(left);
            var field = (RecordField)number;
            Span<byte> value = canonical[(length + Frame)..];
            int written;
            if ((RecordFields.Texts >> number & 1) != 0)
            {
                written = CopyText(record, line, field, value);
            }
            else
            {
                written = field switch
                {
                    RecordField.DurationSeconds => Write(value, BitConverter.DoubleToInt64Bits(record.DurationSeconds)),
                    RecordField.TotalCostUsd => Write(value, BitConverter.DoubleToInt64Bits(record.CostUsd)),
                    RecordField.NumSteps => Write(value, record.Steps),
                    RecordField.NumRetries => Write(value, record.Retries),
                    RecordField.Metadata => Write(value, record.MetadataHash),
                    _ => Write(value, record.Flag(field) == true),
                };
            }

            canonical[length] = (byte)number;
            BinaryPrimitives.WriteInt32LittleEndian(canonical[(length + 1)..], written);
            length += Frame + written;
        }

        return XxHash128.HashToUInt128(canonical[..length]);
    }

    /// <summary>Copies a text; a short one as one vector, so that no branch depends on its length. What is written beyond it is overwritten next.</summary>
    private static int CopyText(RecordParser record, ReadOnlySpan<byte> line, RecordField field, Span<byte> value)
    {
        int vector = Vector256<byte>.Count;
        if (record.TryTextInLine(field, out int start, out int length) && length <= vector && start <= line.Length - vector && value.Length >= vector)
        {
            Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(line), (nuint)start).StoreUnsafe(ref MemoryMarshal.GetReference(value));
            return length;
        }

        ReadOnlySpan<byte> text = record.Text(line, field);
        text.CopyTo(value);
        return text.Length;
    }

    private static int Write(Span<byte> value, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(value, number);
        return sizeof(long);
    }

    private static int Write(Span<byte> value, UInt128 number)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(value, number);
        return 16;
    }

    private static int Write(Span<byte> value, bool flag)
    {
        value[0] = flag ? (byte)1 : (byte)0;
        return 1;
    }
}
