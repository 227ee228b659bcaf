namespace Bandits.History;

/// <summary>One model in one role, or in either, over all segments.</summary>
internal sealed class ModelRoleCell
{
    public readonly NameCounts ByArea = new(), ByRisk = new();
    public readonly ComplexityTotals ByComplexity = new();
    public TaskTotals Totals;
    public ReviewTotals Reviews;

    /// <summary>The first provider known in the role.</summary>
    public int Provider;

    public void Add(CaseCell at, in Measured record)
    {
        Totals.Add(record);
        Reviews.Add(record);
        ByArea.Add(at.Segment.Area);
        ByRisk.Add(at.Segment.Risk);
        ByComplexity.Add(at.Complexity, record);
    }
}
