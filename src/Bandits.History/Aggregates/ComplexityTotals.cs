namespace Bandits.History;

/// <summary>Totals by the number of a complexity.</summary>
internal sealed class ComplexityTotals
{
    private TaskTotals[] _totals = new TaskTotals[8];

    public ReadOnlySpan<TaskTotals> All => _totals;

    public void Add(int complexity, in Measured record)
    {
        if (complexity >= _totals.Length) Array.Resize(ref _totals, Math.Max(complexity + 1, 2 * _totals.Length));
        _totals[complexity].Add(record);
    }
}
