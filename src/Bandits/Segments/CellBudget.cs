namespace Bandits.Segments;

/// <summary>How many cells reading a state may make room for: a few bytes of a file can ask for very many. One thread.</summary>
/// <param name="most">See <see cref="RouterOptions.MaxRestoredCells"/>.</param>
internal sealed class CellBudget(long most)
{
    private const int CellBytes = 450; // of a leaf; a parent's or an origin's takes half, one where the order of things is kept more
    private long _taken;

    /// <summary>Whether everything was read.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The budget of the options.</summary>
    public static CellBudget Of(RouterOptions options) => new(options.MaxRestoredCells ?? Math.Max(1 << 16, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3 / CellBytes));

    /// <summary>Takes room.</summary>
    /// <exception cref="InsufficientMemoryException">There is none left.</exception>
    public void Take(long cells)
    {
        if (IsOver) return;
        _taken += cells;
        if (_taken <= most) return;
        throw new InsufficientMemoryException(
            $"What is to be read asks for more than {most} cells (a segment's room for one arm, some {CellBytes} bytes). If it is not damaged, raise {nameof(RouterOptions)}.{nameof(RouterOptions.MaxRestoredCells)}.");
    }

    /// <summary>Sees whether room can be taken, before something else of that size is made.</summary>
    /// <exception cref="InsufficientMemoryException">There is not so much left.</exception>
    public void Check(long cells)
    {
        if (IsOver) return;
        Take(cells);
        _taken -= cells;
    }

    /// <summary>From now on everything has room: what is decided and recorded is no stranger's file.</summary>
    public void End() => IsOver = true;
}
