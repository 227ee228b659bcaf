using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Bandits.Numerics;

namespace Bandits;

/// <summary>A decision as a short text that another process can hand back: 68 bytes in URL-safe base 64, with a checksum against typing errors.</summary>
/// <remarks>Layout, little-endian: version (1 byte), traits (1), attempt (2), incarnation (8), sequence (8), segment (8), arm (4), propensity (8), time ticks (8),
/// predicted quality (4), predicted cost (8), checksum (8). The checksum is no signature: whether a decision is genuine is for the ledger to say.</remarks>
internal static class DecisionToken
{
    private const byte Version = 1;
    private const int Length = 68;

    public static string Format(in Decision decision)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        bytes[1] = (byte)decision.Traits;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], (ushort)decision.Attempt);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[4..], decision.Id.Incarnation);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[12..], decision.Id.Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[20..], decision.Segment.Packed);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[28..], decision.Arm);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[32..], decision.Propensity);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], decision.TimeTicks);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[48..], decision.PredictedQuality);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[52..], decision.PredictedCostUsd);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[60..], Checksum(bytes[..60]));
        return Base64Url.EncodeToString(bytes);
    }

    public static Decision Parse(ReadOnlySpan<char> token)
    {
        Span<byte> bytes = stackalloc byte[Length + 4];
        if (!Base64Url.IsValid(token, out int length) || length != Length || !Base64Url.TryDecodeFromChars(token, bytes, out _)) Invalid("it is not a decision token");
        bytes = bytes[..Length];
        if (bytes[0] != Version) Invalid($"its version is {bytes[0]}, this program reads version {Version}");
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[60..]) != Checksum(bytes[..60])) Invalid("its checksum does not match; it was cut or changed");
        return new Decision
        {
            Traits = (DecisionTraits)bytes[1],
            Attempt = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
            Id = new DecisionId(BinaryPrimitives.ReadUInt64LittleEndian(bytes[4..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..])),
            Segment = new SegmentKey(BinaryPrimitives.ReadUInt64LittleEndian(bytes[20..])),
            Arm = BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]),
            Propensity = BinaryPrimitives.ReadDoubleLittleEndian(bytes[32..]),
            TimeTicks = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            PredictedQuality = BinaryPrimitives.ReadSingleLittleEndian(bytes[48..]),
            PredictedCostUsd = BinaryPrimitives.ReadDoubleLittleEndian(bytes[52..]),
        };
    }

    private static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = Version;
        for (int i = 0; i < bytes.Length; i += 4) sum = RandomStream.Mix(sum + BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..]) + 1);
        return sum;
    }

    [DoesNotReturn]
    private static void Invalid(string why) => throw new FormatException($"The decision token cannot be read: {why}.");
}
