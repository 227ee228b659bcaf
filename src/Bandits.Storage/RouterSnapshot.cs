using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace Bandits.Storage;

/// <summary>A router's state as bytes: a header with magic, version, length and checksum, then MessagePack.</summary>
/// <remarks>
/// The layout is normative in <c>docs/snapshot-format.md</c>. Equal states give equal bytes. A reader allocates no more than a small
/// multiple of the bytes it was given,
/// whatever they say.
/// </remarks>
public static class RouterSnapshot
{
    /// <summary>Version of the format that this library writes; it reads this one and all before it.</summary>
    public const int FormatVersion = 4;

    /// <summary>Largest snapshot, bytes: 1 GiB.</summary>
    public const int MaxBytes = 1 << 30;

    internal const int HeaderBytes = 28;
    private const int VersionAt = 8;
    private const int LengthAt = 12;
    private const int ChecksumAt = 20;

    private static ReadOnlySpan<byte> Magic => "BANDSNAP"u8;

    /// <summary>The bytes of a state.</summary>
    /// <exception cref="ArgumentException">The state has no bytes within <see cref="MaxBytes"/>.</exception>
    public static byte[] ToBytes(RouterState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var buffer = new ArrayBufferWriter<byte>(4096);
        buffer.GetSpan(HeaderBytes)[..HeaderBytes].Clear();
        buffer.Advance(HeaderBytes);
        SnapshotPayload.Write(state, state.Segments, state.Segments.Length, () => (state.Arms, state.Status), buffer);
        if (buffer.WrittenCount > MaxBytes) throw new ArgumentException($"The state takes {buffer.WrittenCount} bytes; a snapshot holds at most {MaxBytes}.");
        byte[] bytes = buffer.WrittenSpan.ToArray();
        var hash = new XxHash3();
        hash.Append(bytes.AsSpan(HeaderBytes));
        WriteHeader(bytes, bytes.Length - HeaderBytes, hash);
        return bytes;
    }

    /// <summary>Writes the header of a payload of so many bytes, which <paramref name="hash"/> has seen.</summary>
    internal static void WriteHeader(Span<byte> header, long length, XxHash3 hash)
    {
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[VersionAt..], FormatVersion);
        BinaryPrimitives.WriteInt64LittleEndian(header[LengthAt..], length);
        hash.Append(header[..ChecksumAt]);
        BinaryPrimitives.WriteUInt64LittleEndian(header[ChecksumAt..], hash.GetCurrentHashAsUInt64());
    }

    /// <summary>Reads a state.</summary>
    /// <exception cref="SnapshotException">The bytes are no snapshot, damaged, or of a future version.</exception>
    public static RouterState FromBytes(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> header = bytes.Span;
        if (header.Length < Magic.Length || !header.StartsWith(Magic))
            throw new SnapshotException(SnapshotFault.NotASnapshot,
                "The snapshot does not begin with 'BANDSNAP'; it is another kind of file, or its beginning was lost.");
        if (header.Length < HeaderBytes) throw Damaged($"it has {header.Length} bytes; the header alone has {HeaderBytes}");
        int version = BinaryPrimitives.ReadInt32LittleEndian(header[VersionAt..]);
        bool isIntact = BinaryPrimitives.ReadInt64LittleEndian(header[LengthAt..]) == header.Length - HeaderBytes
            && ChecksumOf(header) == BinaryPrimitives.ReadUInt64LittleEndian(header[ChecksumAt..]);
        if (version > FormatVersion && isIntact) // in every version the header and its checksum are the same: a flipped bit is no future
        {
            throw new SnapshotException(
                SnapshotFault.FutureVersion,
                $"The snapshot has format version {version}; this program reads versions 1 to {FormatVersion}. It was left as it is: use the program that wrote it.");
        }

        if (version < 1 || (version > FormatVersion && !isIntact)) throw Damaged($"its version is {version}; the allowed range is 1 to {FormatVersion}");
        if (!isIntact) throw Damaged("its length or checksum does not match; it was cut or changed");
        return SnapshotPayload.Read(bytes[HeaderBytes..], version);
    }

    /// <summary>The checksum that the header of these bytes carries: a name for the state in them.</summary>
    internal static ulong ChecksumIn(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[ChecksumAt..]);

    /// <summary>Writes the checksum of the rest into the header.</summary>
    internal static void Seal(Span<byte> bytes) => BinaryPrimitives.WriteUInt64LittleEndian(bytes[ChecksumAt..], ChecksumOf(bytes));

    internal static SnapshotException Damaged(string why, Exception? inner = null) =>
        new(SnapshotFault.Damaged, $"The snapshot is damaged: {why}.", inner);

    private static ulong ChecksumOf(ReadOnlySpan<byte> bytes)
    {
        // The header comes last since version 3, so that a writer need not know the length before it begins.
        var hash = new XxHash3();
        bool isHeaderLast = BinaryPrimitives.ReadInt32LittleEndian(bytes[VersionAt..]) >= 3;
        hash.Append(isHeaderLast ? bytes[HeaderBytes..] : bytes[..ChecksumAt]);
        hash.Append(isHeaderLast ? bytes[..ChecksumAt] : bytes[HeaderBytes..]);
        return hash.GetCurrentHashAsUInt64();
    }
}
