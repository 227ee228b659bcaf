namespace Bandits.History;

/// <summary>One model in one role in one (area, risk).</summary>
internal sealed class SegmentModelCell(int model)
{
    public readonly int Model = model;
    public TaskTotals Totals;
}
