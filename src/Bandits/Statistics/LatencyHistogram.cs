using System.Numerics;

namespace Bandits.Statistics;

/// <summary>How long attempts took: counts of those that ended, and of those that were cut off, in buckets of equal ratio. <c>default</c> is empty.</summary>
/// <remarks>
/// <code>
/// Source      buckets of equal ratio as in Masson, Rim, Lee (2019), DDSketch, PVLDB 12(12); six an octave, each 12.2 % wider than the one before
/// Rule        bucket 0 is [0, 1 ms); bucket b from 1 on is [e(b), e(b + 1)) with e(b) = 1 ms * 2^((b - 1) / 6), roots rounded to 2^-16
/// Symbols     events -> attempts that ended in the bucket;  censored -> attempts cut off there, which took longer than that
/// Cost        two words for each bucket between the fastest and the slowest octave seen; counting O(1), 0 B once these are there
/// Departures  buckets up to 397 days, so that every latency that may be reported has one
/// Guarantee   counting is integer addition: exact, in any order, undone by taking back; merging is adding
/// </code>
/// The words are one array that holds its own first bucket, so a reader without a lock never pairs one array with another's bucket.
/// </remarks>
internal struct LatencyHistogram
{
    public const int BucketsPerOctave = 6;

    /// <summary>Buckets there can be: below 1 ms, and 35 octaves from there.</summary>
    public const int BucketCount = 1 + 35 * BucketsPerOctave;

    private const long MicrosecondsPerMillisecond = 1000;
    private const int RootBits = 16;

    /// <summary>More than a bucket can honestly hold.</summary>
    private const long MostPlausible = 1L << 48;

    private long[]? _words; // first bucket, then events and censored of each

    /// <summary>2^(k/6) in 2^-16.</summary>
    private static ReadOnlySpan<int> Roots => [65536, 73562, 82570, 92682, 104032, 116772];

    /// <summary>Whether every count is 0.</summary>
    public readonly bool IsEmpty => _words is null || _words.AsSpan(1).IndexOfAnyExcept(0L) < 0;

    /// <summary>All attempts, ended and cut off.</summary>
    public readonly long Count
    {
        get
        {
            long sum = 0;
            for (int i = 1; i < _words?.Length; i++) sum += _words[i];
            return sum;
        }
    }

    /// <summary>The bucket of a latency, microseconds, 0 to <see cref="Outcome.MaxLatency"/>; in integers, so that it is the same everywhere.</summary>
    public static int BucketOf(long microseconds)
    {
        if (microseconds < MicrosecondsPerMillisecond) return 0;
        int octave = BitOperations.Log2((ulong)(microseconds / MicrosecondsPerMillisecond)), step = 1;
        while (step < BucketsPerOctave && microseconds << RootBits >= (MicrosecondsPerMillisecond * Roots[step]) << octave) step++;
        return octave * BucketsPerOctave + step;
    }

    /// <summary>The upper end of a bucket, seconds.</summary>
    public static double EndOf(int bucket) => Math.ScaleB(Roots[bucket % BucketsPerOctave], bucket / BucketsPerOctave - RootBits) / 1e3;

    /// <summary>Counts an attempt so many times; a negative number takes back, also below 0.</summary>
    public void Add(long microseconds, bool isCensored, long times = 1)
    {
        int bucket = BucketOf(microseconds);
        MakeRoom(bucket, bucket);
        _words![At(_words, bucket) + (isCensored ? 1 : 0)] += times;
    }

    /// <summary>Takes an attempt back; false when none like it is counted, which then changes nothing.</summary>
    public readonly bool TryTakeBack(long microseconds, bool isCensored)
    {
        int bucket = BucketOf(microseconds);
        if (_words is not { } words || bucket < words[0] || At(words, bucket) >= words.Length) return false;
        ref long count = ref words[At(words, bucket) + (isCensored ? 1 : 0)];
        if (count <= 0) return false;
        count--;
        return true;
    }

    /// <summary>Adds every count of another, so many times.</summary>
    public void Add(in LatencyHistogram other, long times = 1)
    {
        if (other._words is not { Length: > 1 } words || other.IsEmpty) return;
        int first = (int)words[0];
        MakeRoom(first, first + (words.Length - 1) / 2 - 1);
        Span<long> own = _words.AsSpan(At(_words!, first), words.Length - 1);
        for (int i = 0; i < own.Length; i++) own[i] += times * words[i + 1];
    }

    /// <summary>Sets every count to 0 and keeps the room.</summary>
    public readonly void Clear() => _words?.AsSpan(1).Clear();

    /// <summary>Adds the counts, so many times, to two arrays of <see cref="BucketCount"/>. May run beside a writer; what it reads then is to be thrown away.</summary>
    public readonly void AddTo(Span<double> events, Span<double> censored, double weight)
    {
        if (_words is not { Length: > 1 } words) return;
        int first = (int)words[0];
        for (int i = 1; i + 1 < words.Length; i += 2, first++)
        {
            events[first] += weight * words[i];
            censored[first] += weight * words[i + 1];
        }
    }

    /// <summary>The stored form: nothing when empty, else the first bucket with anything in it, then events and censored of each up to the last.</summary>
    public readonly long[] ToWords()
    {
        if (IsEmpty) return [];
        ReadOnlySpan<long> counts = _words.AsSpan(1);
        int from = counts.IndexOfAnyExcept(0L) & ~1, to = counts.LastIndexOfAnyExcept(0L) | 1;
        return [_words![0] + from / 2, .. counts[from..(to + 1)]];
    }

    /// <summary>Reads the stored form; false when nothing can have written it. Only what waits to be carried may have counts below 0.</summary>
    public static bool TryFrom(ReadOnlySpan<long> words, bool mayBeNegative, out LatencyHistogram histogram)
    {
        histogram = default;
        if (words.IsEmpty) return true;
        if ((words.Length & 1) == 0 || words.Length < 3 || words[0] < 0 || words[0] + (words.Length - 1) / 2 > BucketCount) return false;
        foreach (long count in words[1..])
            if (count < (mayBeNegative ? -MostPlausible : 0) || count > MostPlausible) return false;
        histogram._words = words.ToArray();
        return true;
    }

    private static int At(long[] words, int bucket) => 1 + 2 * (bucket - (int)words[0]);

    /// <summary>Makes room for these buckets, by whole octaves.</summary>
    private void MakeRoom(int first, int last)
    {
        if (_words is { } words)
        {
            int from = (int)words[0], to = from + (words.Length - 1) / 2 - 1;
            if (first >= from && last <= to) return;
            (first, last) = (Math.Min(first, from), Math.Max(last, to));
        }

        first -= first % BucketsPerOctave;
        last = Math.Min(BucketCount - 1, last - last % BucketsPerOctave + BucketsPerOctave - 1);
        var grown = new long[1 + 2 * (last - first + 1)];
        grown[0] = first;
        if (_words is not null) _words.AsSpan(1).CopyTo(grown.AsSpan(At(grown, (int)_words[0])));
        _words = grown;
    }
}
