using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
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
    public int Intern(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return Missing;
        Sketch sketch = Sketch.Of(name);
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

    private ref Bucket Find(ReadOnlySpan<byte> name, Sketch sketch)
    {
        Bucket[] buckets = _buckets;
        int at = sketch.Slot(buckets.Length);
        while (buckets[at].Number != Missing)
        {
            if (buckets[at].Sketch == sketch && (name.Length <= Sketch.Whole || name.SequenceEqual(buckets[at].Name))) break;
            at = (at + 1) & (buckets.Length - 1);
        }

        return ref buckets[at];
    }

    private int Add(ReadOnlySpan<byte> name, Sketch sketch, ref Bucket bucket)
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

    /// <summary>Length, first and last eight bytes: all of a name up to 16 bytes, and a hash of a longer one, which is compared in full.</summary>
    private readonly record struct Sketch(ulong Head, ulong Tail, int Length)
    {
        public const int Whole = 16;

        public static Sketch Of(ReadOnlySpan<byte> name)
        {
            if (name.Length > Whole) return new Sketch(XxHash3.HashToUInt64(name), 0, name.Length);
            if (name.Length >= 8)
                return new Sketch(BinaryPrimitives.ReadUInt64LittleEndian(name), BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]), name.Length);
            ulong bytes = 0;
            foreach (byte b in name) bytes = bytes << 8 | b;
            return new Sketch(bytes, 0, name.Length);
        }

        public int Slot(int buckets)
        {
            ulong mixed = (BitOperations.RotateLeft(Head * GoldenRatio, 29) ^ Tail ^ (ulong)Length) * GoldenRatio;
            return (int)(mixed >> 40) & (buckets - 1);
        }
    }
}
