namespace Bandits.History;

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
