namespace Bandits.History;

/// <summary>One model's tasks split by area, by risk and by complexity; names in the order in which they first appeared in the log.</summary>
internal sealed class ModelBreakdown
{
    public readonly List<NameCount> ByArea, ByRisk;
    public readonly List<ComplexityPerformance> ByComplexity = [];

    public ModelBreakdown(HistoryCube cube, ModelCell model, HistoryRole role)
    {
        var areas = new long[cube.Areas.Count];
        var risks = new long[cube.Risks.Count];
        var complexities = new Evidence[cube.Complexities.Count];
        foreach (LessonCell lesson in model.Lessons)
        {
            if (role != HistoryRole.Any && lesson.Role != role) continue;
            Evidence evidence = lesson.Evidence;
            if (role == HistoryRole.Any) evidence.Remove(lesson.Shared); // a task where the model had both roles counts once
            areas[lesson.Task.Segment.Area] += evidence.Total;
            risks[lesson.Task.Segment.Risk] += evidence.Total;
            complexities[lesson.Task.Complexity].Add(evidence);
        }

        ByArea = Named(cube.Areas, areas);
        ByRisk = Named(cube.Risks, risks);
        for (int i = 0; i < complexities.Length; i++)
        {
            if (complexities[i].Total > 0) ByComplexity.Add(Row(cube, i, complexities[i]));
        }
    }

    public static ComplexityPerformance Row(HistoryCube cube, int complexity, in Evidence evidence) => new()
    {
        Complexity = cube.Complexities[complexity],
        SuccessRate = new RateEstimate(evidence.CountOf(OutcomeKind.Success), evidence.Total),
        AverageCostUsd = evidence.CostCount > 0 ? evidence.CostSumUsd / evidence.CostCount : null,
        AverageDurationSeconds = evidence.LatencyCount > 0 ? evidence.LatencySumSeconds / evidence.LatencyCount : null,
    };

    private static List<NameCount> Named(NameTable names, long[] counts)
    {
        var named = new List<NameCount>();
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0) named.Add(new NameCount(names[i]!, counts[i]));
        }

        return named;
    }
}
