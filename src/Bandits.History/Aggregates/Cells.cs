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

/// <summary>How often one error type ended a task of a segment.</summary>
internal sealed class ErrorCount(int type)
{
    public readonly int Type = type;
    public long Count;
}

/// <summary>One model in one role in one (area, risk).</summary>
internal sealed class SegmentModelCell(int model)
{
    public readonly int Model = model;
    public TaskTotals Totals;
}

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

/// <summary>One model over all segments.</summary>
internal sealed class ModelCell
{
    public readonly ModelRoleCell Planner = new(), Implementer = new();

    /// <summary>Records where the model had either role, each counted once.</summary>
    public readonly ModelRoleCell Any = new();

    /// <summary>The model's own provider: the one it first had in the role, else in the other role.</summary>
    public int Provider(HistoryRole role)
    {
        (int own, int other) = role == HistoryRole.Planner ? (Planner.Provider, Implementer.Provider) : (Implementer.Provider, Planner.Provider);
        return own != NameTable.Missing ? own : other;
    }
}

/// <summary>One provider over all segments: records where it served either role, each counted once.</summary>
internal sealed class ProviderCell
{
    public TaskTotals Totals;
}

/// <summary>
/// All records of one (area, risk, complexity, planner, implementer): what they teach, and where else they count, found with one lookup. What a role
/// or a task teaches is the sum of such cells, exactly, because evidence is integers.
/// </summary>
internal sealed class CaseCell
{
    public required SegmentCell Segment { get; init; }

    public required int Complexity { get; init; }

    /// <summary>The planner's number, <see cref="NameTable.Missing"/> when it is unknown.</summary>
    public required int Planner { get; init; }

    public required int Implementer { get; init; }

    public required SegmentModelCell? PlannerInSegment { get; init; }

    public required SegmentModelCell ImplementerInSegment { get; init; }

    public required ModelCell? PlannerModel { get; init; }

    public required ModelCell ImplementerModel { get; init; }

    public Evidence Evidence;
}
