using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;

namespace Bandits.Tests.Storage;

/// <summary>Files as a later version would write them: another number, and the checksum that goes with it, as the format pages say.</summary>
internal static class Future
{
    private const int VersionAt = 8, SnapshotChecksumAt = 20, SnapshotHeader = 28, JournalChecksumAt = 60;

    public static byte[] Snapshot(byte[] file, int version)
    {
        byte[] changed = [.. file];
        BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(VersionAt), version);
        BinaryPrimitives.WriteUInt64LittleEndian(changed.AsSpan(SnapshotChecksumAt), XxHash3.HashToUInt64([.. changed[SnapshotHeader..], .. changed[..SnapshotChecksumAt]]));
        return changed;
    }

    public static byte[] Journal(byte[] file, int version)
    {
        byte[] changed = [.. file];
        BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(VersionAt), version);
        uint checksum = uint.MaxValue;
        foreach (byte one in changed.AsSpan(0, JournalChecksumAt)) checksum = BitOperations.Crc32C(checksum, one);
        BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(JournalChecksumAt), ~checksum);
        return changed;
    }
}
