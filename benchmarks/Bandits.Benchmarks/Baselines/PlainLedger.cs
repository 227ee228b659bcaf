using System.Runtime.InteropServices;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Baselines;

/// <summary>Frozen, never edit. An outcome without identity, revisions or journal: it touches one random 64-byte slot of a million and adds to one random cell, unsynchronised.</summary>
internal sealed class PlainLedger(int[] order, int batch, int cellCount, uint[] cells, PlainAmounts[] amounts) : IOperation
{
    private readonly PlainCell[] _cells = new PlainCell[cellCount];
    private readonly Slot[] _slots = new Slot[order.Length];
    private int _next;

    public int Count => batch;

    public long Run()
    {
        Slot[] slots = _slots;
        for (int i = 0; i < batch; i++)
        {
            int at = order[_next++];
            if (_next == order.Length) _next = 0;
            ref Slot slot = ref slots[at];
            ref readonly PlainAmounts given = ref amounts[i & (amounts.Length - 1)];
            slot.Sequence++;
            slot.Last = given.CostNanoUsd;
            _cells[cells[at & (cells.Length - 1)]].Apply(given, 1);
        }

        return _cells[0].Graded;
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Slot
    {
        public long Sequence;
        public long Last;
    }
}
