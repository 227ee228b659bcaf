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

    /// <summary>The task cells by complexity.</summary>
    public readonly List<TaskCell> Tasks = [];

    public TaskTotals Totals;

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

/// <summary>All records of one (area, risk, complexity): the task's own totals, never the sum over its roles.</summary>
internal sealed class TaskCell(SegmentCell segment, int complexity)
{
    public readonly SegmentCell Segment = segment;
    public readonly int Complexity = complexity;
    public Evidence Evidence;
}

/// <summary>One model in one role in one (area, risk, complexity): what it teaches.</summary>
internal sealed class LessonCell(HistoryRole role, TaskCell task, int model, SegmentModelCell segmentModel)
{
    public readonly HistoryRole Role = role;
    public readonly TaskCell Task = task;
    public readonly int Model = model;
    public readonly SegmentModelCell SegmentModel = segmentModel;
    public Evidence Evidence;

    /// <summary>Of these records, those where the same model had the other role too; kept in the planner's cell only.</summary>
    public Evidence Shared;
}

/// <summary>One model over all segments.</summary>
internal sealed class ModelCell
{
    public readonly List<LessonCell> Lessons = [];
    public TaskTotals Planner, Implementer;

    /// <summary>Records where the model had either role, each counted once.</summary>
    public TaskTotals Any;

    /// <summary>The first provider known in that role.</summary>
    public int PlannerProvider, ImplementerProvider;

    /// <summary>The model's own provider: the one it first had in the role, else in the other role.</summary>
    public int Provider(HistoryRole role)
    {
        (int own, int other) = role == HistoryRole.Planner ? (PlannerProvider, ImplementerProvider) : (ImplementerProvider, PlannerProvider);
        return own != NameTable.Missing ? own : other;
    }
}

/// <summary>One provider over all segments: records where it served either role, each counted once.</summary>
internal sealed class ProviderCell
{
    public TaskTotals Totals;
}
