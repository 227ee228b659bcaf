using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Bandits.History;

/// <summary>Names by their UTF-8 bytes: a dense number for each, and one string however often it comes.</summary>
/// <remarks>0 stands for a name that is missing, 1 for all names beyond the bounds of <see cref="HistoryLimits"/>; real names start at 2.</remarks>
internal sealed class NameTable(int limit)
{
    public const int Missing = 0, Other = 1, First = 2;

    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15; // 2^64 / phi (Knuth, vol. 3, 6.4)

    private readonly List<string?> _names = [null, HistoryLimits.OtherName];
    private Bucket[] _buckets = new Bucket[64];

    /// <summary>One more than the largest number.</summary>
    public int Count => _names.Count;

    /// <summary>The name's text; null for <see cref="Missing"/>.</summary>
    public string? this[int number] => _names[number];

    /// <summary>The number of a name, new if it was never seen; <see cref="Missing"/> for an empty one.</summary>
    public int Intern(ReadOnlySpan<byte> name) => name.IsEmpty ? Missing : Intern(name, Sketch.Of(name));

    /// <summary>The number of the name that a field of <paramref name="line"/> holds.</summary>
    public int Intern(RecordParser record, ReadOnlySpan<byte> line, RecordField field)
    {
        ReadOnlySpan<byte> name = record.Text(line, field);
        if (name.IsEmpty) return Missing;
        return Intern(name, record.TryTextInLine(field, out int start, out int length) ? Sketch.Of(line, start, length) : Sketch.Of(name));
    }

    private int Intern(ReadOnlySpan<byte> name, in Sketch sketch)
    {
        ref Bucket bucket = ref Find(name, sketch);
        return bucket.Number != Missing ? bucket.Number : Add(name, sketch, ref bucket);
    }

    /// <summary>The number of a name, or -1 when it was never seen.</summary>
    public int Find(string name)
    {
        if (name == HistoryLimits.OtherName) return Other;
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        int number = Find(bytes, Sketch.Of(bytes)).Number;
        return number == Missing ? -1 : number;
    }

    private ref Bucket Find(ReadOnlySpan<byte> name, in Sketch sketch)
    {
        Bucket[] buckets = _buckets;
        int at = sketch.Slot(buckets.Length);
        while (buckets[at].Number != Missing)
        {
            if (buckets[at].Sketch.Matches(sketch) && (name.Length <= Sketch.Whole || name.SequenceEqual(buckets[at].Name))) break;
            at = (at + 1) & (buckets.Length - 1);
        }

        return ref buckets[at];
    }

    private int Add(ReadOnlySpan<byte> name, in Sketch sketch, ref Bucket bucket)
    {
        if (name.Length > HistoryLimits.NameBytes || _names.Count >= limit + First) return Other;
        string text = Encoding.UTF8.GetString(name);
        if (text == HistoryLimits.OtherName) return Other;
        int number = _names.Count;
        _names.Add(text);
        bucket = new Bucket(sketch, name.ToArray(), number);
        if (2 * _names.Count > _buckets.Length) Grow();
        return number;
    }

    private void Grow()
    {
        Bucket[] old = _buckets;
        _buckets = new Bucket[2 * old.Length];
        foreach (Bucket bucket in old)
        {
            if (bucket.Number != Missing) Find(bucket.Name, bucket.Sketch) = bucket;
        }
    }

    private readonly record struct Bucket(Sketch Sketch, byte[] Name, int Number);

    /// <summary>Length and first 32 bytes: all of a name up to that length; a longer one is compared in full.</summary>
    private readonly struct Sketch
    {
        public const int Whole = 32;

        private readonly Vector256<byte> _head;
        private readonly ulong _hash;
        private readonly int _length;

        private Sketch(Vector256<byte> head, int length, ulong rest)
        {
            // One odd constant for each lane, so that no branch depends on the length: splitmix64's and MurmurHash3's.
            Vector256<ulong> lanes = head.AsUInt64();
            ulong sum = lanes[0] * GoldenRatio + lanes[1] * 0xBF58_476D_1CE4_E5B9 + lanes[2] * 0x94D0_49BB_1331_11EB
                + lanes[3] * 0xFF51_AFD7_ED55_8CCD + (uint)length + rest;
            (_head, _hash, _length) = (head, (sum ^ sum >> 32) * GoldenRatio, length);
        }

        public static Sketch Of(ReadOnlySpan<byte> name)
        {
            Span<byte> head = stackalloc byte[Whole];
            head.Clear();
            name[..Math.Min(name.Length, Whole)].CopyTo(head);
            return new Sketch(Vector256.Create<byte>(head), name.Length, name.Length > Whole ? XxHash3.HashToUInt64(name) : 0);
        }

        /// <summary>The sketch of a name that stands in a line: one load and a mask when the line goes on long enough after it.</summary>
        public static Sketch Of(ReadOnlySpan<byte> line, int start, int length)
        {
            if (length > Whole || start > line.Length - Whole) return Of(line.Slice(start, length));
            Vector256<byte> head = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(line), (nuint)start)
                & Vector256.LessThan(Vector256<byte>.Indices, Vector256.Create((byte)length));
            return new Sketch(head, length, 0);
        }

        public bool Matches(in Sketch other) => _length == other._length && _head == other._head;

        public int Slot(int buckets) => (int)(_hash >> 40) & (buckets - 1);
    }
}
