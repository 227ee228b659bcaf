using System.IO.Hashing;
using System.Text.Json;

namespace Bandits.History;

/// <content>The quick way: metadata without escapes, in which nothing is nested.</content>
internal sealed partial class MetadataDigest
{
    /// <summary>
    /// Reads the object that starts at <paramref name="start"/> of a line without escapes; <paramref name="quotes"/> are the quotation marks from there on. The
    /// object's length; 0 when the reader must look at it, which says nothing of the object.
    /// </summary>
    public int ReadFlat(ReadOnlySpan<byte> line, int start, ReadOnlySpan<int> quotes)
    {
        Start();
        int at = start + 1;
        if (line[at] == (byte)'}')
        {
            (Hash, IsEmpty) = (EmptyObjectHash, true);
            return 2;
        }

        while (true)
        {
            int end = quotes[1];
            if (PlainJson.SkipSpace(line, at) != quotes[0] || end >= line.Length - 3) return 0; // a colon, a value and the end must follow
            ReadOnlySpan<byte> key = line[(quotes[0] + 1)..end];
            at = PlainJson.SkipSpace(line, end + 1);
            if (line[at] != (byte)':') return 0;
            at = PlainJson.SkipSpace(line, at + 1);
            bool isText = at == quotes[2];
            end = isText ? quotes[3] + 1 : EndOfScalar(line, at);
            if ((uint)end > (uint)line.Length) return 0;
            ReadOnlySpan<byte> value = line[at..end];
            if (key.SequenceEqual("reward"u8)) SetReward(value);
            Push(XxHash128.HashToUInt128(key, KeySeed), isText ? XxHash128.HashToUInt128(value[1..^1], StringSeed) : HashScalar(value));
            quotes = quotes[(isText ? 4 : 2)..];
            at = PlainJson.SkipSpace(line, end);
            if ((uint)at >= (uint)line.Length) return 0;
            byte next = line[at++];
            if (next == (byte)',') continue;
            if (next != (byte)'}') return 0;
            Hash = HashPairs(0, SortAndDropOverwritten(0), withKeys: true, ObjectSeed);
            IsEmpty = false;
            return at - start;
        }
    }

    /// <summary>The index after the number or word that starts at <paramref name="at"/>; -1 when there is none.</summary>
    private static int EndOfScalar(ReadOnlySpan<byte> line, int at)
    {
        if (line[at] <= (byte)'9') return PlainJson.EndOfNumber(line, at);
        ReadOnlySpan<byte> rest = line[at..];
        if (rest.StartsWith("true"u8) || rest.StartsWith("null"u8)) return at + 4;
        return rest.StartsWith("false"u8) ? at + 5 : -1;
    }

    private UInt128 HashScalar(ReadOnlySpan<byte> value) => value[0] switch
    {
        (byte)'t' => TrueHash,
        (byte)'f' => FalseHash,
        (byte)'n' => NullHash,
        _ => HashNumber(value),
    };

    private void SetReward(ReadOnlySpan<byte> value)
    {
        RewardType = value[0] switch
        {
            (byte)'n' => JsonTokenType.None,
            (byte)'"' => JsonTokenType.String,
            (byte)'t' => JsonTokenType.True,
            (byte)'f' => JsonTokenType.False,
            _ => JsonTokenType.Number,
        };
        Reward = RewardType == JsonTokenType.Number ? JsonDecimal.ToDouble(value) : double.NaN;
    }
}
