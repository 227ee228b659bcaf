using System.Buffers.Binary;
using MessagePack;

namespace Bandits.Reliability.Fuzzing;

/// <summary>Changes bytes as damage does, and MessagePack as somebody does who knows the format and means harm.</summary>
internal static class Mutation
{
    private const int Most = 3;

    private static readonly long[] Integers =
        [0, 1, -1, 2, 63, 127, 128, 255, 256, 4095, 65533, 65534, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, 1L << 53, 1L << 62, long.MaxValue - 1, long.MaxValue, long.MinValue];

    private static readonly double[] Numbers = [0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon, 1e-300, 0.5, 1e18];

    /// <summary>Bits flipped, bytes overwritten, cut, put in and taken from another file.</summary>
    public static byte[] Bytes(byte[] bytes, byte[] donor, Random random)
    {
        byte[] changed = [.. bytes];
        for (int n = random.Next(1, Most + 1); n > 0 && changed.Length > 0; n--)
        {
            int at = random.Next(changed.Length), count = random.Next(1, Math.Min(64, changed.Length - at) + 1);
            switch (random.Next(7))
            {
                case 0: changed[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: changed[at] = (byte)random.Next(256); break;
                case 2: changed = changed[..at]; break;
                case 3: changed.AsSpan(at, count).Fill(random.Next(2) == 0 ? (byte)0 : (byte)0xff); break;
                case 4: changed = [.. changed[..at], .. changed[(at + count)..]]; break;
                case 5 when at + sizeof(int) <= changed.Length: BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at), (int)Integers[random.Next(Integers.Length)]); break;
                default: changed = [.. changed[..at], .. Piece(donor, random), .. changed[at..]]; break;
            }
        }

        return changed;
    }

    /// <summary>Elements replaced, doubled, left out, exchanged and taken from another payload; counts that promise more than there is.</summary>
    public static byte[] MessagePack(byte[] payload, byte[] donor, Random random)
    {
        byte[] changed = payload;
        for (int n = random.Next(1, Most + 1); n > 0; n--)
        {
            List<(int From, int To, int Header)> elements = Elements(changed);
            if (elements.Count == 0 || random.Next(8) == 0)
            {
                changed = Bytes(changed, donor, random);
                continue;
            }

            (int from, int to, int header) = elements[random.Next(elements.Count)];
            byte[] element = changed[from..to];
            byte[] instead = random.Next(7) switch
            {
                0 => [],
                1 => [.. element, .. element],
                2 when header > 0 => [.. Count(random), .. element[header..]],
                3 => Elements(donor) is { Count: > 0 } others && others[random.Next(others.Count)] is var (start, end, _) ? donor[start..end] : element,
                _ => Scalar(random),
            };
            changed = [.. changed[..from], .. instead, .. changed[to..]];
        }

        return changed;
    }

    private static byte[] Piece(byte[] donor, Random random)
    {
        if (donor.Length == 0) return [];
        int at = random.Next(donor.Length);
        return donor[at..Math.Min(donor.Length, at + random.Next(1, 128))];
    }

    /// <summary>The header of an array of any size.</summary>
    private static byte[] Count(Random random)
    {
        byte[] header = [0xdd, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), random.Next(2) == 0 ? random.Next(64) : (int)Integers[random.Next(Integers.Length)]);
        return header;
    }

    private static byte[] Scalar(Random random)
    {
        byte[] bytes = new byte[9];
        switch (random.Next(5))
        {
            case 0:
                bytes[0] = 0xd3;
                BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), Integers[random.Next(Integers.Length)]);
                return bytes;
            case 1:
                bytes[0] = 0xcb;
                BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(1), Numbers[random.Next(Numbers.Length)]);
                return bytes;
            case 2:
                bytes[0] = 0xcf;
                BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), random.NextInt64());
                return bytes;
            case 3: return [(byte)random.Next(128)];
            default: return random.Next(4) switch { 0 => [0xc0], 1 => [0xc3], 2 => [0xa0], _ => [0xa2, 0xff, 0xfe] };
        }
    }

    /// <summary>Every element of a payload, containers before what is in them; as far as it can be read. The header of an array has its length, others 0.</summary>
    private static List<(int From, int To, int Header)> Elements(byte[] payload)
    {
        var elements = new List<(int From, int To, int Header)>();
        var reader = new MessagePackReader(payload);
        try
        {
            while (!reader.End) Visit(ref reader, elements, 0);
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentException)
        {
            // What follows is no MessagePack any more.
        }

        return elements;
    }

    private static void Visit(ref MessagePackReader reader, List<(int From, int To, int Header)> elements, int depth)
    {
        int from = (int)reader.Consumed, number = elements.Count;
        if (reader.NextMessagePackType != MessagePackType.Array || depth > 8)
        {
            reader.Skip();
            elements.Add((from, (int)reader.Consumed, 0));
            return;
        }

        int count = reader.ReadArrayHeader(), header = (int)reader.Consumed - from;
        elements.Add((from, from + header, header));
        for (int i = 0; i < count; i++) Visit(ref reader, elements, depth + 1);
        elements[number] = (from, (int)reader.Consumed, header);
    }
}
