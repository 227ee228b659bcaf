namespace Bandits.Benchmarks.Inputs;

/// <summary>64-bit keys that spread evenly over a dictionary's buckets.</summary>
/// <remarks>
/// A dictionary hashes a 64-bit key by folding its halves together, which makes many packed segment keys collide. Measured against that, anything
/// looks fast; so the dictionaries here are keyed by these instead.
/// </remarks>
internal static class SpreadKeys
{
    /// <summary>A key for every number below <paramref name="count"/>.</summary>
    public static ulong[] Of(int count, int seed)
    {
        var random = new Random(seed);
        var keys = new ulong[count];
        for (int i = 0; i < count; i++) keys[i] = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        return keys;
    }

    /// <summary>The keys in the order of <paramref name="numbers"/>.</summary>
    public static ulong[] InOrder(ulong[] keys, int[] numbers)
    {
        var ordered = new ulong[numbers.Length];
        for (int i = 0; i < numbers.Length; i++) ordered[i] = keys[numbers[i]];
        return ordered;
    }
}
