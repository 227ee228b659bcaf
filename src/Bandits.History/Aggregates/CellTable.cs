namespace Bandits.History;

/// <summary>Cells by a packed 64-bit key, in the order in which they first appeared; at most <see cref="HistoryLimits.Cells"/> of them.</summary>
internal sealed class CellTable<TCell> where TCell : class
{
    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15; // 2^64 / phi (Knuth, vol. 3, 6.4): spreads neighbouring keys

    private readonly List<TCell> _cells = [];
    private (ulong Key, TCell? Cell)[] _buckets = new (ulong, TCell?)[64];
    private int _shift = 64 - 6;

    /// <summary>The cells in order of first appearance.</summary>
    public List<TCell> Cells => _cells;

    public bool IsFull => _cells.Count >= HistoryLimits.Cells;

    /// <summary>Has the first bucket of a key fetched from memory while other work is done before <see cref="Find"/>.</summary>
    public void Prefetch(ulong key) => Memory.Prefetch(in _buckets[(int)(key * GoldenRatio >> _shift)]);

    /// <summary>The cell of a key, or null.</summary>
    public TCell? Find(ulong key)
    {
        (ulong Key, TCell? Cell)[] buckets = _buckets;
        for (int at = (int)(key * GoldenRatio >> _shift); buckets[at].Cell is { } cell; at = (at + 1) & (buckets.Length - 1))
        {
            if (buckets[at].Key == key) return cell;
        }

        return null;
    }

    /// <summary>Adds a cell under a key that is not there yet.</summary>
    public TCell Add(ulong key, TCell cell)
    {
        _cells.Add(cell);
        if (2 * _cells.Count > _buckets.Length)
        {
            (ulong Key, TCell? Cell)[] old = _buckets;
            _buckets = new (ulong, TCell?)[2 * old.Length];
            _shift--;
            foreach ((ulong oldKey, TCell? oldCell) in old)
            {
                if (oldCell is not null) Place(oldKey, oldCell);
            }
        }

        Place(key, cell);
        return cell;
    }

    private void Place(ulong key, TCell cell)
    {
        int at = (int)(key * GoldenRatio >> _shift);
        while (_buckets[at].Cell is not null) at = (at + 1) & (_buckets.Length - 1);
        _buckets[at] = (key, cell);
    }
}
