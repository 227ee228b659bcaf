using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Baselines;

/// <summary>Frozen, never edit. Recording without identity: an outcome is checked, quantised and added to its cell, unsynchronised.</summary>
internal sealed class PlainRecord(int cellCount, uint[] cells, PlainOutcome[] outcomes) : IOperation
{
    private readonly PlainCell[] _cells = new PlainCell[cellCount];

    public int Count => cells.Length;

    public long Run()
    {
        PlainCell[] all = _cells;
        uint[] order = cells;
        PlainOutcome[] given = outcomes;
        for (int i = 0; i < order.Length; i++)
        {
            if (PlainAmounts.TryOf(given[i & (given.Length - 1)], out PlainAmounts amounts)) all[order[i]].Apply(amounts, 1);
        }

        return all[0].Graded;
    }
}
