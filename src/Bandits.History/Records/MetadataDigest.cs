using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;

namespace Bandits.History;

/// <summary>
/// A 128-bit digest of any JSON object, independent of key order, white space, escape style and the spelling of numbers, and the reward found on
/// its top level. A key that comes twice counts as its last value. Normative in <c>docs/history-format.md</c>.
/// </summary>
internal sealed partial class MetadataDigest
{
    // Seeds tell the types apart, so that "1" and 1 differ.
    private const long KeySeed = 'k', StringSeed = 's', NumberSeed = 'n', WordSeed = 'w', ArraySeed = 'a', ObjectSeed = 'o';

    // Members of objects below this many are sorted by insertion, which is stable and needs no comparer.
    private const int FewMembers = 16;

    private static readonly UInt128 TrueHash = XxHash128.HashToUInt128("true"u8, WordSeed);
    private static readonly UInt128 FalseHash = XxHash128.HashToUInt128("false"u8, WordSeed);
    private static readonly UInt128 NullHash = XxHash128.HashToUInt128("null"u8, WordSeed);

    private static readonly UInt128 EmptyObjectHash = XxHash128.HashToUInt128(default, ObjectSeed);

    private Member[] _members = new Member[32];
    private int _memberCount;
    private byte[] _scratch = new byte[256];

    public UInt128 Hash { get; private set; }

    public bool IsEmpty { get; private set; }

    /// <summary>True when some text holds half of a surrogate pair.</summary>
    public bool IsBrokenText { get; private set; }

    /// <summary><see cref="JsonTokenType.None"/> when there is no reward, or null.</summary>
    public JsonTokenType RewardType { get; private set; }

    public double Reward { get; private set; }

    /// <summary>Reads the object that <paramref name="reader"/> stands at, up to its end.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        Start();
        Hash = HashObject(ref reader, isTop: true);
        IsEmpty = Hash == EmptyObjectHash;
    }

    private void Start()
    {
        _memberCount = 0;
        IsBrokenText = false;
        RewardType = JsonTokenType.None;
    }

    private UInt128 HashObject(ref Utf8JsonReader reader, bool isTop)
    {
        int start = _memberCount;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            ReadOnlySpan<byte> key = Text(ref reader);
            UInt128 keyHash = XxHash128.HashToUInt128(key, KeySeed);
            bool isReward = isTop && key.SequenceEqual("reward"u8);
            reader.Read();
            if (isReward)
            {
                RewardType = reader.TokenType == JsonTokenType.Null ? JsonTokenType.None : reader.TokenType;
                Reward = reader.TokenType == JsonTokenType.Number ? JsonDecimal.ToDouble(reader.ValueSpan) : double.NaN;
            }

            UInt128 valueHash = HashValue(ref reader);
            Push(keyHash, valueHash);
        }

        int count = SortAndDropOverwritten(start);
        UInt128 hash = HashPairs(start, count, withKeys: true, ObjectSeed);
        _memberCount = start;
        return hash;
    }

    private UInt128 HashArray(ref Utf8JsonReader reader)
    {
        int start = _memberCount;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) Push(default, HashValue(ref reader));
        UInt128 hash = HashPairs(start, _memberCount - start, withKeys: false, ArraySeed);
        _memberCount = start;
        return hash;
    }

    private UInt128 HashValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String: return XxHash128.HashToUInt128(Text(ref reader), StringSeed);
            case JsonTokenType.Number: return HashNumber(reader.ValueSpan);
            case JsonTokenType.True: return TrueHash;
            case JsonTokenType.False: return FalseHash;
            case JsonTokenType.StartObject: return HashObject(ref reader, isTop: false);
            case JsonTokenType.StartArray: return HashArray(ref reader);
            default: return NullHash;
        }
    }

    private UInt128 HashNumber(ReadOnlySpan<byte> token)
    {
        Reserve(token.Length + sizeof(long));
        int length = JsonDecimal.Canonical(token, _scratch, out long exponent);
        BinaryPrimitives.WriteInt64LittleEndian(_scratch.AsSpan(length), exponent);
        return XxHash128.HashToUInt128(_scratch.AsSpan(0, length + sizeof(long)), NumberSeed);
    }

    private UInt128 HashPairs(int start, int count, bool withKeys, long seed)
    {
        Reserve(count * 32);
        int length = 0;
        foreach (ref readonly Member member in _members.AsSpan(start, count))
        {
            if (withKeys)
            {
                BinaryPrimitives.WriteUInt128LittleEndian(_scratch.AsSpan(length), member.Key);
                length += 16;
            }

            BinaryPrimitives.WriteUInt128LittleEndian(_scratch.AsSpan(length), member.Value);
            length += 16;
        }

        return XxHash128.HashToUInt128(_scratch.AsSpan(0, length), seed);
    }

    /// <summary>Orders the members from <paramref name="start"/> on by key, keeps the last of equal keys and returns how many are left.</summary>
    private int SortAndDropOverwritten(int start)
    {
        Span<Member> members = _members.AsSpan(start, _memberCount - start);
        if (members.Length < 2) return members.Length;
        if (members.Length > FewMembers)
        {
            members.Sort();
        }
        else
        {
            for (int i = 1; i < members.Length; i++)
            {
                Member moving = members[i];
                int j = i;
                for (; j > 0 && members[j - 1].Key > moving.Key; j--) members[j] = members[j - 1];
                members[j] = moving;
            }
        }

        int kept = 0;
        for (int i = 0; i < members.Length; i++)
        {
            if (i + 1 < members.Length && members[i].Key == members[i + 1].Key) continue;
            members[kept++] = members[i];
        }

        return kept;
    }

    private ReadOnlySpan<byte> Text(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return reader.ValueSpan;
        Reserve(reader.ValueSpan.Length);
        try
        {
            return _scratch.AsSpan(0, reader.CopyString(_scratch));
        }
        catch (InvalidOperationException)
        {
            IsBrokenText = true;
            return default;
        }
    }

    private void Push(UInt128 key, UInt128 value)
    {
        if (_memberCount == _members.Length) Array.Resize(ref _members, 2 * _members.Length);
        _members[_memberCount] = new Member(key, value, _memberCount);
        _memberCount++;
    }

    private void Reserve(int length)
    {
        if (_scratch.Length < length) _scratch = new byte[Math.Max(length, 2 * _scratch.Length)];
    }

    private readonly record struct Member(UInt128 Key, UInt128 Value, int Ordinal) : IComparable<Member>
    {
        public int CompareTo(Member other)
        {
            int order = Key.CompareTo(other.Key);
            return order != 0 ? order : Ordinal.CompareTo(other.Ordinal);
        }
    }
}
