using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Bandits.Numerics;

namespace Bandits;

/// <summary>A decision as a short text that another process can hand back: 84 bytes in URL-safe base 64, the last 16 of them a digest under a key.</summary>
/// <remarks>The layout is normative in <c>docs/decision-token.md</c>. A multiple of three bytes leaves no spare bits in the last character, so a decision has one token
/// and no other spelling of it.</remarks>
internal static class DecisionToken
{
    public const int Length = Bytes / 3 * 4;
    private const byte Version = 2;
    private const int BodyBytes = 68;
    private const int DigestBytes = 16;
    private const int Bytes = BodyBytes + DigestBytes;

    /// <summary>Characters of version 1, which is refused by its number.</summary>
    private const int FormerLength = 91;

    /// <summary>Stands for no arm.</summary>
    private const ushort NoArm = ushort.MaxValue;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The key given, or one that follows from the seed. That one is computed without the platform's cryptography, which a router needs for tokens only.</summary>
    public static byte[] KeyOf(RouterOptions options)
    {
        if (options.TokenKey is { } given) return [.. given];
        var key = new byte[32]; // as long as the full digest: a longer key gains nothing
        var words = new RandomStream(RandomStream.Mix(~options.Seed));
        for (int i = 0; i < key.Length; i += 8) BinaryPrimitives.WriteUInt64LittleEndian(key.AsSpan(i), words.NextUInt64());
        return key;
    }

    /// <summary>Writes the token into the first <see cref="Length"/> characters.</summary>
    public static void Write(in Decision decision, ReadOnlySpan<byte> key, Span<char> token)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bytes[0] = Version;
        bytes[1] = (byte)decision.Traits;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], (ushort)decision.Attempt);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[4..], decision.Id.Incarnation);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[12..], decision.Id.Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[20..], decision.Segment.Packed);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[28..], decision.Arm < 0 ? NoArm : (ushort)decision.Arm);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[30..], (ushort)decision.WhyNone);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[32..], decision.Propensity);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], decision.TimeTicks);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[48..], decision.PredictedQuality);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[52..], decision.PredictedCostUsd);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[60..], decision.SegmentOutcomes);
        Digest(bytes[..BodyBytes], key, bytes[BodyBytes..]);
        Base64Url.EncodeToChars(bytes, token);
    }

    /// <summary>Reads a token, whatever the text is.</summary>
    public static TokenFault Read(ReadOnlySpan<char> token, ReadOnlySpan<byte> key, out Decision decision)
    {
        decision = default;
        if (token.Length is not (Length or FormerLength)) return TokenFault.Length;
        if (token.ContainsAnyExcept(Alphabet)) return TokenFault.Characters;
        Span<byte> bytes = stackalloc byte[Bytes];
        Decode(token, bytes);
        if (bytes[0] != Version) return TokenFault.Version;
        if (token.Length != Length) return TokenFault.Length;
        Span<byte> digest = stackalloc byte[DigestBytes];
        Digest(bytes[..BodyBytes], key, digest);
        if (!CryptographicOperations.FixedTimeEquals(digest, bytes[BodyBytes..])) return TokenFault.Digest;
        decision = Read(bytes);
        if (IsPossible(decision)) return TokenFault.None;
        decision = default;
        return TokenFault.Number;
    }

    [DoesNotReturn]
    public static void Throw(TokenFault fault, ReadOnlySpan<char> token)
    {
        string why = fault switch
        {
            TokenFault.Length => $"it has {token.Length} characters, a token has {Length}",
            TokenFault.Version => $"its version is {VersionOf(token)}, this program reads version {Version}",
            TokenFault.Digest => "its digest does not match; it was cut or changed, or another store issued it",
            TokenFault.Number => "a number in it is out of its range, so no router wrote it",
            _ => "it is not a decision token",
        };
        throw new FormatException($"The decision token cannot be read: {why}.");
    }

    private static byte VersionOf(ReadOnlySpan<char> token)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Decode(token, bytes);
        return bytes[0];
    }

    /// <summary>Decodes the whole groups of four characters, which cannot fail: all are of the alphabet.</summary>
    private static void Decode(ReadOnlySpan<char> token, Span<byte> bytes) => Base64Url.DecodeFromChars(token[..(token.Length / 4 * 4)], bytes, out _, out _);

    private static Decision Read(ReadOnlySpan<byte> bytes)
    {
        ushort arm = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        return new Decision
        {
            Traits = (DecisionTraits)bytes[1],
            Attempt = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
            Id = new DecisionId(BinaryPrimitives.ReadUInt64LittleEndian(bytes[4..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..])),
            Segment = new SegmentKey(BinaryPrimitives.ReadUInt64LittleEndian(bytes[20..])),
            Arm = arm == NoArm ? -1 : arm,
            WhyNone = (Ineligibility)BinaryPrimitives.ReadUInt16LittleEndian(bytes[30..]),
            Propensity = BinaryPrimitives.ReadDoubleLittleEndian(bytes[32..]),
            TimeTicks = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            PredictedQuality = BinaryPrimitives.ReadSingleLittleEndian(bytes[48..]),
            PredictedCostUsd = BinaryPrimitives.ReadDoubleLittleEndian(bytes[52..]),
            SegmentOutcomes = BinaryPrimitives.ReadInt64LittleEndian(bytes[60..]),
        };
    }

    /// <summary>Whether numbers that recording does not look at again are in their ranges: the key may be no secret.</summary>
    private static bool IsPossible(in Decision decision) =>
        (double.IsNaN(decision.Propensity) || decision.Propensity is >= 0 and <= 1) && (ulong)decision.TimeTicks <= Outcome.MaxTimeTicks
        && decision.PredictedQuality is >= 0 and <= 1 && decision.PredictedCostUsd >= 0 && double.IsFinite(decision.PredictedCostUsd) && decision.SegmentOutcomes >= 0;

    /// <summary>HMAC-SHA256, its first bytes (RFC 2104, section 5: half of the digest is enough).</summary>
    private static void Digest(ReadOnlySpan<byte> body, ReadOnlySpan<byte> key, Span<byte> digest)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, body, whole);
        whole[..DigestBytes].CopyTo(digest);
    }
}

/// <summary>Why a text is no token of a router.</summary>
internal enum TokenFault
{
    None,

    /// <summary>It has another length.</summary>
    Length,

    /// <summary>It is not URL-safe base 64 without padding.</summary>
    Characters,

    /// <summary>It has another version.</summary>
    Version,

    /// <summary>The digest is not the one under this key.</summary>
    Digest,

    /// <summary>It holds a number that no router writes.</summary>
    Number,
}
