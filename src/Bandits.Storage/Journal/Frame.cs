using System.Buffers.Binary;

namespace Bandits.Storage.Journal;

/// <summary>One entry of the journal: a header of 16 bytes, the payload, and zeros up to a multiple of 8. Normative in <c>docs/journal-format.md</c>.</summary>
/// <remarks>
/// <code>
/// 0  4  length of the payload, 1 or more; 0 says that nothing follows
/// 4  4  CRC-32C of length, position and payload
/// 8  8  position: bytes of all frames before this one since the journal began
/// </code>
/// A frame names its own position, so that frames of an older use of the disk, and frames after a hole, are told apart by eight bytes.
/// </remarks>
internal static class Frame
{
    public const int HeaderBytes = 16;
    public const int Alignment = 8;

    /// <summary>Longest payload: 1 MiB.</summary>
    public const int MostPayload = 1 << 20;

    /// <summary>Bytes of a frame with its header and filling.</summary>
    public static int SizeOf(int payload) => (HeaderBytes + payload + Alignment - 1) & -Alignment;

    /// <summary>Length and checksum as they stand in the first eight bytes.</summary>
    public static ulong HeadOf(long position, ReadOnlySpan<byte> payload)
    {
        uint length = (uint)payload.Length;
        return length | ((ulong)Crc32C.Of(payload, Crc32C.Of(length, (ulong)position)) << 32);
    }

    /// <summary>Length of the payload of a frame whose first bytes these are, if they can be a frame at <paramref name="position"/>; 0 if not.</summary>
    public static int LengthAt(long position, ReadOnlySpan<byte> header)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        return length is > 0 and <= MostPayload && BinaryPrimitives.ReadInt64LittleEndian(header[sizeof(long)..]) == position ? (int)length : 0;
    }

    /// <summary>Whether header and payload belong together.</summary>
    public static bool IsIntact(long position, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        BinaryPrimitives.ReadUInt64LittleEndian(header) == HeadOf(position, payload);
}
