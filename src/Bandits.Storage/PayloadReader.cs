using MessagePack;

namespace Bandits.Storage;

/// <summary>Reads MessagePack and bounds every length by the bytes that are left before anything is allocated.</summary>
internal ref struct PayloadReader(ReadOnlyMemory<byte> payload)
{
    /// <summary>Longest text, bytes of UTF-8: no name in a router is longer.</summary>
    private const int MostTextBytes = 1 << 16;

    private readonly long _length = payload.Length;
    private MessagePackReader _reader = new(payload);

    public readonly bool AtEnd => _reader.End;

    /// <summary>The header of an array whose elements take at least <paramref name="leastBytes"/> each.</summary>
    public int Count(int leastBytes, string what)
    {
        int count = _reader.ReadArrayHeader();
        long left = _length - _reader.Consumed;
        if ((long)count * leastBytes > left) throw RouterSnapshot.Damaged($"it announces {count} elements of {what}; the {left} bytes left cannot hold them");
        return count;
    }

    /// <summary>The header of a record of exactly <paramref name="count"/> fields.</summary>
    public void Fields(int count, string what)
    {
        int found = _reader.ReadArrayHeader();
        if (found != count) throw RouterSnapshot.Damaged($"{what} has {found} fields; {count} are needed");
    }

    public long Int64() => _reader.ReadInt64();

    public ulong UInt64() => _reader.ReadUInt64();

    public int Int32() => _reader.ReadInt32();

    public byte Byte() => _reader.ReadByte();

    public bool Flag() => _reader.ReadBoolean();

    public double Double() => _reader.ReadDouble();

    public bool TryNil() => _reader.TryReadNil();

    public double? OptionalDouble() => _reader.TryReadNil() ? null : _reader.ReadDouble();

    public int? OptionalInt32() => _reader.TryReadNil() ? null : _reader.ReadInt32();

    public string String(string what)
    {
        MessagePackReader ahead = _reader.CreatePeekReader();
        if (!ahead.TryReadStringSpan(out ReadOnlySpan<byte> text)) throw RouterSnapshot.Damaged($"{what} is not a text");
        if (text.Length > MostTextBytes) throw RouterSnapshot.Damaged($"{what} has {text.Length} bytes; the allowed range is 0 to {MostTextBytes}");
        return _reader.ReadString()!;
    }

    public string[] Strings(string what)
    {
        var texts = new string[Count(1, what)];
        for (int i = 0; i < texts.Length; i++) texts[i] = String(what);
        return texts;
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
            throw RouterSnapshot.Damaged($"{what} has {count} numbers; {(exactly ? "exactly" : "a multiple of")} {group} are needed");
        return count;
    }
}
