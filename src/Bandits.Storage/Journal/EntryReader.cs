using MessagePack;

namespace Bandits.Storage.Journal;

/// <summary>Reads the MessagePack of one entry. Whatever is wrong with it comes out as one kind of exception.</summary>
internal ref struct EntryReader(ReadOnlyMemory<byte> payload)
{
    private readonly int _length = payload.Length;
    private MessagePackReader _reader = new(payload);

    /// <summary>The header of a record of at least so many fields; later versions may append some, which must be skipped.</summary>
    public int Fields(int count, string what)
    {
        int found = _reader.ReadArrayHeader();
        if (found < count) throw new JournalException($"{what} has {found} fields; {count} are needed");
        return found;
    }

    public void Skip(int fields)
    {
        for (int i = 0; i < fields; i++) _reader.Skip();
    }

    /// <summary>The header of an array whose elements take at least <paramref name="leastBytes"/> each.</summary>
    public int Count(int leastBytes, string what)
    {
        int count = _reader.ReadArrayHeader();
        if ((long)count * leastBytes > _length - _reader.Consumed) throw new JournalException($"it announces {count} elements of {what}; the bytes left cannot hold them");
        return count;
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

    public string? OptionalText() => _reader.ReadString();

    public string Text(string what) => _reader.ReadString() ?? throw new JournalException($"{what} is missing");

    public string[] Texts(string what)
    {
        var texts = new string[Count(1, what)];
        for (int i = 0; i < texts.Length; i++) texts[i] = Text(what);
        return texts;
    }

    /// <summary>An integer from 0 to <paramref name="most"/>.</summary>
    public long Bounded(long most, string what)
    {
        long value = _reader.ReadInt64();
        if (value < 0 || value > most) throw new JournalException($"{what} is {value}; the allowed range is 0 to {most}");
        return value;
    }
}
