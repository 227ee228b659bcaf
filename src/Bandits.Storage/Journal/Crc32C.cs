using System.Buffers.Binary;
using System.Numerics;

namespace Bandits.Storage.Journal;

/// <summary>CRC-32C (Castagnoli), as in RFC 3720, appendix B.4, by the processor's instruction where it has one.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of the bytes of two numbers, little-endian, one behind the other.</summary>
    public static uint Of(uint first, ulong second) => ~BitOperations.Crc32C(BitOperations.Crc32C(uint.MaxValue, first), second);

    /// <summary>The checksum of <paramref name="bytes"/>, or of what <paramref name="before"/> is the checksum of with them appended.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        uint crc = ~before;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte one in bytes) crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
