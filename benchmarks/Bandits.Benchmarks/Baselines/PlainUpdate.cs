using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Baselines;

/// <summary>Frozen, never edit. The integer update alone: an outcome that is already in stored units is added to its cell, unsynchronised.</summary>
internal sealed class PlainUpdate(int cellCount, uint[] cells, PlainAmounts[] amounts) : IOperation
{
    private readonly PlainCell[] _cells = new PlainCell[cellCount];

    public int Count => cells.Length;

    public long Run()
    {
        PlainCell[] all = _cells;
        uint[] order = cells;
        PlainAmounts[] given = amounts;
        for (int i = 0; i < order.Length; i++) all[order[i]].Apply(given[i & (given.Length - 1)], 1);
        return all[0].Graded;
    }
}
