using System.Buffers.Binary;
using System.Globalization;

namespace Bandits.Storage.Journal;

/// <summary>One file of the journal: a header of 64 bytes, then frames from its first position on, then zeros or nothing.</summary>
/// <remarks>
/// <code>
///  0  8  magic, BANDJRNL in ASCII
///  8  4  format version
/// 12  4  0
/// 16  8  position of the first frame
/// 24  8  incarnation of the router that wrote it
/// 32 28  0
/// 60  4  CRC-32C of the bytes before
/// </code>
/// The file is called by its first position, sixteen hexadecimal digits, so names sort as positions do.
/// </remarks>
/// <param name="First">Position of the first frame, a multiple of 8.</param>
/// <param name="Incarnation">Incarnation of the router that wrote it.</param>
internal readonly record struct JournalSegment(long First, ulong Incarnation)
{
    public const int HeaderBytes = 64;
    public const int FormatVersion = 1;
    public const string Ending = ".journal";

    private const int VersionAt = 8, FirstAt = 16, IncarnationAt = 24, ChecksumAt = 60;

    private static ReadOnlySpan<byte> Magic => "BANDJRNL"u8;

    /// <summary>Name of the file whose first frame has this position.</summary>
    public static string NameOf(long first) => first.ToString("x16", CultureInfo.InvariantCulture) + Ending;

    /// <summary>Position in a file's name, or -1.</summary>
    public static long FirstIn(string path)
    {
        ReadOnlySpan<char> name = Path.GetFileName(path.AsSpan());
        return name.Length == 16 + Ending.Length && name.EndsWith(Ending, StringComparison.Ordinal)
            && long.TryParse(name[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long first) && first >= 0 ? first : -1;
    }

    /// <summary>Place in the file of the frame at a position.</summary>
    public long PlaceOf(long position) => HeaderBytes + (position - First);

    /// <summary>Writes the header.</summary>
    public void WriteTo(Span<byte> header)
    {
        header[..HeaderBytes].Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[VersionAt..], FormatVersion);
        BinaryPrimitives.WriteInt64LittleEndian(header[FirstAt..], First);
        BinaryPrimitives.WriteUInt64LittleEndian(header[IncarnationAt..], Incarnation);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumAt..], Crc32C.Of(header[..ChecksumAt]));
    }

    /// <summary>Reads a header; false when it is damaged.</summary>
    /// <exception cref="JournalException">The header is of a future version.</exception>
    public static bool TryRead(ReadOnlySpan<byte> header, string path, out JournalSegment segment)
    {
        segment = default;
        if (header.Length < HeaderBytes || !header.StartsWith(Magic)) return false;
        int version = BinaryPrimitives.ReadInt32LittleEndian(header[VersionAt..]);
        bool isIntact = BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumAt..]) == Crc32C.Of(header[..ChecksumAt]);
        if (version > FormatVersion && isIntact)
            throw new JournalException($"'{path}' has journal format version {version}; this program reads version {FormatVersion}. It was left as it is: use the program that wrote it.");
        long first = BinaryPrimitives.ReadInt64LittleEndian(header[FirstAt..]);
        if (!isIntact || version < 1 || first < 0 || first % Frame.Alignment != 0) return false;
        segment = new JournalSegment(first, BinaryPrimitives.ReadUInt64LittleEndian(header[IncarnationAt..]));
        return true;
    }
}
