namespace Bandits.History;

/// <summary>All records of one (area, risk).</summary>
internal sealed class SegmentCell(int area, int risk)
{
    public readonly int Area = area;
    public readonly int Risk = risk;

    /// <summary>Models of the segment by role, in the order in which they first appeared in it.</summary>
    public readonly List<SegmentModelCell> Planners = [], Implementers = [];

    /// <summary>Error types of failed tasks in order of first appearance.</summary>
    public readonly List<ErrorCount> Errors = [];

    public readonly ComplexityTotals ByComplexity = new();

    public TaskTotals Totals;
    public ValueRange CostUsd = new(), DurationSeconds = new();

    public void Add(int complexity, in Measured record)
    {
        Totals.Add(record);
        CostUsd.Add(record.CostUsd);
        DurationSeconds.Add(record.DurationSeconds);
        ByComplexity.Add(complexity, record);
    }

    public List<SegmentModelCell> Models(HistoryRole role) => role == HistoryRole.Planner ? Planners : Implementers;

    public void AddError(int errorType)
    {
        if (Errors.Count >= HistoryLimits.FewNames) errorType = NameTable.Other;
        foreach (ErrorCount error in Errors)
        {
            if (error.Type != errorType) continue;
            error.Count++;
            return;
        }

        Errors.Add(new ErrorCount(errorType) { Count = 1 });
    }
}
