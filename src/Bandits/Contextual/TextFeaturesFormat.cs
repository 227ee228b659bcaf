using System.Buffers.Binary;
using Bandits.Numerics;

namespace Bandits.Contextual;

/// <summary><see cref="TextFeatures"/> as bytes: docs/text-features-format.md.</summary>
internal static class TextFeaturesFormat
{
    public const uint FormatVersion = 1;

    /// <summary>Magic, format version, length of the payload, version of the features.</summary>
    public const int HeaderLength = 8 + 4 + 8 + 8;

    /// <summary>Bits of the hash, longest word n-gram, shortest and longest character n-gram, projections, surface features, known buckets.</summary>
    private const int Fields = 7;

    private const int FieldsLength = Fields * sizeof(int);

    private const ulong Step = 0x9e3779b97f4a7c15;

    /// <summary>No honest number is beyond; squares and sums of what is within stay finite.</summary>
    private const double Most = 1e12;

    private static ReadOnlySpan<byte> Magic => "BANDTEXT"u8;

    public static byte[] Write(TextFeaturesState state)
    {
        byte[] bytes = new byte[HeaderLength + PayloadLength(state.Dimensions, state.Buckets.Length)];
        Span<byte> payload = bytes.AsSpan(HeaderLength);
        WritePayload(state, payload);
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), FormatVersion);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), payload.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(20), HashOf(payload));
        return bytes;
    }

    public static ulong VersionOf(TextFeaturesState state)
    {
        byte[] payload = new byte[PayloadLength(state.Dimensions, state.Buckets.Length)];
        WritePayload(state, payload);
        return HashOf(payload);
    }

    /// <exception cref="FormatException">The message says why.</exception>
    public static TextFeaturesState Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength || !bytes[..8].SequenceEqual(Magic)) Throw.Unreadable("these are no text features");
        uint format = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (format != FormatVersion) Throw.Unreadable($"their format is {format}, and this program reads {FormatVersion}");
        ReadOnlySpan<byte> payload = bytes[HeaderLength..];
        if (BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]) != payload.Length) Throw.Unreadable("they were cut short, or something follows them");
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[20..]) != HashOf(payload)) Throw.Unreadable("they were damaged");
        return ReadPayload(payload);
    }

    private static long PayloadLength(int dimensions, long rows) =>
        FieldsLength + (dimensions + TextSurface.Count) * 2L * sizeof(double) + rows * (sizeof(int) + sizeof(float) * (1L + dimensions));

    private static void WritePayload(TextFeaturesState state, Span<byte> to)
    {
        ReadOnlySpan<int> fields =
        [
            state.NGrams.HashBits, state.NGrams.LongestWord, state.NGrams.ShortestCharacter, state.NGrams.LongestCharacter, state.Dimensions, TextSurface.Count, state.Buckets.Length,
        ];
        foreach (int field in fields)
        {
            BinaryPrimitives.WriteInt32LittleEndian(to, field);
            to = to[sizeof(int)..];
        }

        for (int i = 0; i < state.Means.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(to, state.Means[i]);
            BinaryPrimitives.WriteDoubleLittleEndian(to[sizeof(double)..], state.Scales[i]);
            to = to[(2 * sizeof(double))..];
        }

        for (int row = 0; row < state.Buckets.Length; row++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(to, state.Buckets[row]);
            BinaryPrimitives.WriteSingleLittleEndian(to[sizeof(int)..], state.Idf[row]);
            to = to[(sizeof(int) + sizeof(float))..];
            foreach (float entry in state.Projection.AsSpan(row * state.Dimensions, state.Dimensions))
            {
                BinaryPrimitives.WriteSingleLittleEndian(to, entry);
                to = to[sizeof(float)..];
            }
        }
    }

    private static TextFeaturesState ReadPayload(ReadOnlySpan<byte> from)
    {
        if (from.Length < FieldsLength) Throw.Unreadable("they were cut short");
        Span<int> fields = stackalloc int[Fields];
        for (int i = 0; i < Fields; i++) fields[i] = BinaryPrimitives.ReadInt32LittleEndian(from[(i * sizeof(int))..]);
        var ngrams = new NGrams(fields[0], fields[1], fields[2], fields[3]);
        (int dimensions, int rows) = (fields[4], fields[6]);
        bool isSound = ngrams.IsSound && dimensions >= 1 && dimensions <= TextFeatures.MostDimensions && fields[5] == TextSurface.Count && rows >= 0 && rows <= ngrams.Buckets;
        if (!isSound || PayloadLength(dimensions, rows) != from.Length) Throw.Unreadable("their dimensions cannot be right");
        from = from[FieldsLength..];

        int count = dimensions + TextSurface.Count;
        double[] means = new double[count], scales = new double[count];
        for (int i = 0; i < count; i++)
        {
            (means[i], scales[i]) = (BinaryPrimitives.ReadDoubleLittleEndian(from), BinaryPrimitives.ReadDoubleLittleEndian(from[sizeof(double)..]));
            if (!(Math.Abs(means[i]) <= Most && scales[i] >= 0 && scales[i] <= Most)) Throw.Unreadable($"mean or deviation of feature {i} cannot be right");
            from = from[(2 * sizeof(double))..];
        }

        var buckets = new int[rows];
        var idf = new float[rows];
        var projection = new float[(long)rows * dimensions];
        for (int row = 0; row < rows; row++)
        {
            (buckets[row], idf[row]) = (BinaryPrimitives.ReadInt32LittleEndian(from), BinaryPrimitives.ReadSingleLittleEndian(from[sizeof(int)..]));
            bool isNext = buckets[row] > (row == 0 ? -1 : buckets[row - 1]) && buckets[row] < ngrams.Buckets;
            bool isFinite = idf[row] > 0 && idf[row] <= Most;
            from = from[(sizeof(int) + sizeof(float))..];
            for (int j = 0; j < dimensions; j++)
            {
                float entry = projection[row * dimensions + j] = BinaryPrimitives.ReadSingleLittleEndian(from);
                isFinite &= Math.Abs(entry) <= Most;
                from = from[sizeof(float)..];
            }

            if (!isNext || !isFinite) Throw.Unreadable($"row {row} cannot be right");
        }

        return new TextFeaturesState(ngrams, dimensions, buckets, idf, projection, means, scales);
    }

    /// <summary>A hash of bytes, eight at a time, little-endian, the last filled up with zeros; the number of bytes goes in first.</summary>
    internal static ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        ulong hash = RandomStream.Mix((ulong)bytes.Length + FormatVersion * Step);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) hash = RandomStream.Mix(hash + BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * Step;
        if (bytes.Length == 0) return hash;
        Span<byte> last = stackalloc byte[sizeof(ulong)];
        last.Clear();
        bytes.CopyTo(last);
        return RandomStream.Mix(hash + BinaryPrimitives.ReadUInt64LittleEndian(last)) * Step;
    }
}
