using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Text;

namespace Bandits.History;

/// <summary>Names by their UTF-8 bytes: a dense number for each, and one string however often it comes.</summary>
/// <remarks>0 stands for a name that is missing, 1 for all names beyond the bounds of <see cref="HistoryLimits"/>; real names start at 2.</remarks>
internal sealed class NameTable(int limit)
{
    public const int Missing = 0, Other = 1, First = 2;

    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15; // 2^64 / phi

    private readonly List<byte[]?> _bytes = [null, null];
    private readonly List<string?> _names = [null, HistoryLimits.OtherName];
    private (ulong Hash, int Number)[] _buckets = new (ulong, int)[64];

    /// <summary>One more than the largest number.</summary>
    public int Count => _names.Count;

    /// <summary>The name's text; null for <see cref="Missing"/>.</summary>
    public string? this[int number] => _names[number];

    /// <summary>The number of a name, new if it was never seen; <see cref="Missing"/> for an empty one.</summary>
    public int Intern(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return Missing;
        ulong hash = HashOf(name);
        int at = Find(name, hash);
        return _buckets[at].Number != Missing ? _buckets[at].Number : Add(name, hash, at);
    }

    /// <summary>The number of a name, or -1 when it was never seen.</summary>
    public int Find(string name)
    {
        if (name == HistoryLimits.OtherName) return Other;
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        int number = _buckets[Find(bytes, HashOf(bytes))].Number;
        return number == Missing ? -1 : number;
    }

    // Names are short: their first and last eight bytes hold all of them up to 16.
    private static ulong HashOf(ReadOnlySpan<byte> name)
    {
        if (name.Length is < 8 or > 16) return name.Length > 16 ? XxHash3.HashToUInt64(name) : HashOfShort(name);
        ulong first = BinaryPrimitives.ReadUInt64LittleEndian(name), last = BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
        return (BitOperations.RotateLeft(first * Multiplier, 29) ^ last) * Multiplier ^ (ulong)name.Length;
    }

    private static ulong HashOfShort(ReadOnlySpan<byte> name)
    {
        ulong bytes = (ulong)name.Length;
        foreach (byte b in name) bytes = bytes << 8 | b;
        return bytes * Multiplier;
    }

    private int Find(ReadOnlySpan<byte> name, ulong hash)
    {
        (ulong Hash, int Number)[] buckets = _buckets;
        int at = (int)(hash >> 32) & (buckets.Length - 1);
        while (buckets[at].Number != Missing)
        {
            if (buckets[at].Hash == hash && name.SequenceEqual(_bytes[buckets[at].Number])) break;
            at = (at + 1) & (buckets.Length - 1);
        }

        return at;
    }

    private int Add(ReadOnlySpan<byte> name, ulong hash, int at)
    {
        if (name.Length > HistoryLimits.NameBytes || _names.Count >= limit + First) return Other;
        string text = Encoding.UTF8.GetString(name);
        if (text == HistoryLimits.OtherName) return Other;
        int number = _names.Count;
        _bytes.Add(name.ToArray());
        _names.Add(text);
        _buckets[at] = (hash, number);
        if (2 * _names.Count > _buckets.Length) Grow();
        return number;
    }

    private void Grow()
    {
        (ulong Hash, int Number)[] old = _buckets;
        _buckets = new (ulong, int)[2 * old.Length];
        foreach ((ulong hash, int number) in old)
        {
            if (number != Missing) _buckets[Find(_bytes[number], hash)] = (hash, number);
        }
    }
}
