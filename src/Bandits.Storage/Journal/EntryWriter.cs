using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using MessagePack;

namespace Bandits.Storage.Journal;

/// <summary>Writes MessagePack into memory that is known to be large enough: integers in their shortest form, numbers as they are.</summary>
internal ref struct EntryWriter(Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    /// <summary>Bytes written.</summary>
    public int Count { get; private set; }

    public void Array(int count)
    {
        if (count <= MessagePackRange.MaxFixArrayCount)
        {
            _bytes[Count++] = (byte)(MessagePackCode.MinFixArray | count);
            return;
        }

        _bytes[Count++] = MessagePackCode.Array32;
        BinaryPrimitives.WriteInt32BigEndian(_bytes[Count..], count);
        Count += sizeof(int);
    }

    public void Nil() => _bytes[Count++] = MessagePackCode.Nil;

    public void Flag(bool flag) => _bytes[Count++] = flag ? MessagePackCode.True : MessagePackCode.False;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Integer(ulong value)
    {
        if (value <= MessagePackRange.MaxFixPositiveInt) _bytes[Count++] = (byte)value;
        else Large(value);
    }

    /// <summary>Always writes nine bytes and keeps as many as the shortest form has: sizes that change from entry to entry would be guessed wrong by branches.</summary>
    private void Large(ulong value)
    {
        int form = 32 - BitOperations.LeadingZeroCount((uint)BitOperations.Log2(value) / 8); // 1, 2, 4 or 8 bytes: 0, 1, 2 or 3
        Span<byte> at = _bytes.Slice(Count, 1 + sizeof(ulong));
        at[0] = (byte)(MessagePackCode.UInt8 + form);
        BinaryPrimitives.WriteUInt64BigEndian(at[1..], value << (64 - (8 << form)));
        Count += 1 + (1 << form);
    }

    /// <summary>An integer that may be negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Integer(long value)
    {
        if (value >= 0) Integer((ulong)value);
        else Negative(value);
    }

    private void Negative(long value)
    {
        Span<byte> at = _bytes[Count..];
        switch (value)
        {
            case >= MessagePackRange.MinFixNegativeInt:
                at[0] = unchecked((byte)value);
                Count++;
                break;
            case >= sbyte.MinValue:
                (at[0], at[1]) = (MessagePackCode.Int8, unchecked((byte)value));
                Count += 1 + sizeof(sbyte);
                break;
            case >= short.MinValue:
                at[0] = MessagePackCode.Int16;
                BinaryPrimitives.WriteInt16BigEndian(at[1..], (short)value);
                Count += 1 + sizeof(short);
                break;
            case >= int.MinValue:
                at[0] = MessagePackCode.Int32;
                BinaryPrimitives.WriteInt32BigEndian(at[1..], (int)value);
                Count += 1 + sizeof(int);
                break;
            default:
                at[0] = MessagePackCode.Int64;
                BinaryPrimitives.WriteInt64BigEndian(at[1..], value);
                Count += 1 + sizeof(long);
                break;
        }
    }

    public void Number(double value)
    {
        _bytes[Count++] = MessagePackCode.Float64;
        BinaryPrimitives.WriteDoubleBigEndian(_bytes[Count..], value);
        Count += sizeof(double);
    }

    public void Number(float value)
    {
        _bytes[Count++] = MessagePackCode.Float32;
        BinaryPrimitives.WriteSingleBigEndian(_bytes[Count..], value);
        Count += sizeof(float);
    }

    public void Number(double? value)
    {
        if (value is { } number) Number(number);
        else Nil();
    }

    public void Text(string? text)
    {
        if (text is null)
        {
            Nil();
            return;
        }

        _bytes[Count] = MessagePackCode.Str32;
        int length = Encoding.UTF8.GetBytes(text, _bytes[(Count + 1 + sizeof(int))..]);
        BinaryPrimitives.WriteInt32BigEndian(_bytes[(Count + 1)..], length);
        Count += 1 + sizeof(int) + length;
    }

    /// <summary>Single-precision numbers as bytes, little-endian; nil for none.</summary>
    public void Floats(ReadOnlySpan<float> numbers)
    {
        if (numbers.IsEmpty)
        {
            Nil();
            return;
        }

        _bytes[Count] = MessagePackCode.Bin32;
        BinaryPrimitives.WriteInt32BigEndian(_bytes[(Count + 1)..], sizeof(float) * numbers.Length);
        Count += 1 + sizeof(int);
        foreach (float number in numbers)
        {
            BinaryPrimitives.WriteSingleLittleEndian(_bytes[Count..], number);
            Count += sizeof(float);
        }
    }

    public void Texts(IReadOnlyCollection<string> texts)
    {
        Array(texts.Count);
        foreach (string text in texts) Text(text);
    }

    /// <summary>Most bytes that a text can take.</summary>
    public static int RoomOf(string? text) => text is null ? 1 : 1 + sizeof(int) + Encoding.UTF8.GetMaxByteCount(text.Length);
}
