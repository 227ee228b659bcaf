namespace Bandits.History;

/// <summary>Counts by the number of a name.</summary>
internal sealed class NameCounts
{
    private long[] _counts = new long[16];

    public ReadOnlySpan<long> All => _counts;

    public void Add(int name)
    {
        if (name >= _counts.Length) Array.Resize(ref _counts, Math.Max(name + 1, 2 * _counts.Length));
        _counts[name]++;
    }
}
