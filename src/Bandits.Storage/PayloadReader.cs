using System.Buffers;
using MessagePack;

namespace Bandits.Storage;

/// <summary>Reads MessagePack and bounds every length by the bytes that are left before anything is allocated.</summary>
/// <remarks>What cannot be right is an <see cref="InvalidDataException"/>; what is not even MessagePack, or of another type, comes out as <see cref="IsFault"/> says.</remarks>
internal ref struct PayloadReader(ReadOnlyMemory<byte> payload)
{
    /// <summary>Longest text, bytes of UTF-8: no name in a router is longer.</summary>
    private const int MostTextBytes = 1 << 16;

    private readonly long _length = payload.Length;
    private MessagePackReader _reader = new(payload);

    public readonly bool AtEnd => _reader.End;

    /// <summary>Whether an exception says that the payload is wrong.</summary>
    public static bool IsFault(Exception e) => e is InvalidDataException or MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentException or InvalidOperationException;

    /// <summary>The header of an array whose elements take at least <paramref name="leastBytes"/> each.</summary>
    public int Count(int leastBytes, string what)
    {
        int count = _reader.ReadArrayHeader();
        long left = _length - _reader.Consumed;
        if ((long)count * leastBytes > left) throw new InvalidDataException($"it announces {count} elements of {what}; the {left} bytes left cannot hold them");
        return count;
    }

    /// <summary>The header of a record of exactly <paramref name="count"/> fields.</summary>
    public void Fields(int count, string what)
    {
        int found = _reader.ReadArrayHeader();
        if (found != count) throw new InvalidDataException($"{what} has {found} fields; {count} are needed");
    }

    /// <summary>The header of a record of at least so many fields, to which later versions may have appended some; returns how many, to <see cref="Skip"/> after the others.</summary>
    public int FieldsOrMore(int count, string what)
    {
        int found = _reader.ReadArrayHeader();
        if (found < count) throw new InvalidDataException($"{what} has {found} fields; {count} are needed");
        return found - count;
    }

    public void Skip(int fields)
    {
        for (int i = 0; i < fields; i++) _reader.Skip();
    }

    public long Int64() => _reader.ReadInt64();

    public ulong UInt64() => _reader.ReadUInt64();

    public int Int32() => _reader.ReadInt32();

    public byte Byte() => _reader.ReadByte();

    public bool Flag() => _reader.ReadBoolean();

    public double Double() => _reader.ReadDouble();

    public float Single() => _reader.ReadSingle();

    public bool TryNil() => _reader.TryReadNil();

    public double? OptionalDouble() => _reader.TryReadNil() ? null : _reader.ReadDouble();

    public int? OptionalInt32() => _reader.TryReadNil() ? null : _reader.ReadInt32();

    public string String(string what)
    {
        MessagePackReader ahead = _reader.CreatePeekReader();
        if (!ahead.TryReadStringSpan(out ReadOnlySpan<byte> text)) throw new InvalidDataException($"{what} is not a text");
        if (text.Length > MostTextBytes) throw new InvalidDataException($"{what} has {text.Length} bytes; the allowed range is 0 to {MostTextBytes}");
        return _reader.ReadString()!;
    }

    public string? OptionalString(string what) => _reader.TryReadNil() ? null : String(what);

    public string[] Strings(string what)
    {
        var texts = new string[Count(1, what)];
        for (int i = 0; i < texts.Length; i++) texts[i] = String(what);
        return texts;
    }

    /// <summary>An integer from 0 to <paramref name="most"/>.</summary>
    public long Bounded(long most, string what)
    {
        long value = _reader.ReadInt64();
        if (value < 0 || value > most) throw new InvalidDataException($"{what} is {value}; the allowed range is 0 to {most}");
        return value;
    }

    /// <summary>Single-precision numbers as little-endian bytes; null for none.</summary>
    public float[]? Floats(string what)
    {
        if (_reader.TryReadNil()) return null;
        if (_reader.ReadBytes() is not { } bytes || bytes.Length % sizeof(float) != 0) throw new InvalidDataException($"{what} are no bytes of numbers");
        var numbers = new float[bytes.Length / sizeof(float)];
        ReadOnlySpan<byte> flat = BuffersExtensions.ToArray(bytes);
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = System.Buffers.Binary.BinaryPrimitives.ReadSingleLittleEndian(flat[(i * sizeof(float))..]);
            if (!float.IsFinite(numbers[i])) throw new InvalidDataException($"{what} hold {numbers[i]}");
        }

        return numbers;
    }

    /// <summary>Numbers in groups of <paramref name="group"/>.</summary>
    public double[] Doubles(int group, string what, bool exactly = false)
    {
        var numbers = new double[Grouped(group, what, exactly)];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = _reader.ReadDouble();
        return numbers;
    }

    /// <summary>Words in groups of <paramref name="group"/>.</summary>
    public long[] Words(int group, string what)
    {
        var words = new long[Grouped(group, what, exactly: false)];
        for (int i = 0; i < words.Length; i++) words[i] = _reader.ReadInt64();
        return words;
    }

    private int Grouped(int group, string what, bool exactly)
    {
        int count = Count(1, what);
        if (exactly ? count != group : count % group != 0)
            throw new InvalidDataException($"{what} has {count} numbers; {(exactly ? "exactly" : "a multiple of")} {group} are needed");
        return count;
    }
}
