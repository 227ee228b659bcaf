namespace Bandits.History;

/// <summary>Sums the cases into what each role and each kind of task teaches.</summary>
internal static class HistoryLessons
{
    public static List<HistoryEvidence> ByRole(HistoryCube cube)
    {
        var sums = new Dictionary<(HistoryRole Role, SegmentCell Segment, int Complexity, int Model), Evidence>();
        foreach (CaseCell at in cube.Cases.Cells)
        {
            if (at.Planner != NameTable.Missing) Add(sums, (HistoryRole.Planner, at.Segment, at.Complexity, at.Planner), at.Evidence);
            Add(sums, (HistoryRole.Implementer, at.Segment, at.Complexity, at.Implementer), at.Evidence);
        }

        var rows = new List<HistoryEvidence>(sums.Count);
        foreach (((HistoryRole role, SegmentCell segment, int complexity, int model), Evidence evidence) in sums)
        {
            rows.Add(new HistoryEvidence
            {
                Role = role == HistoryRole.Planner ? "planner" : "implementer",
                Area = cube.Areas[segment.Area]!,
                Risk = cube.Risks[segment.Risk]!,
                Complexity = cube.Complexities[complexity],
                Model = cube.Models[model]!,
                Provider = cube.Providers[cube.ModelCells[model].Provider(role)],
                Evidence = evidence,
            });
        }

        return rows;
    }

    public static List<TaskEvidence> ByTask(HistoryCube cube)
    {
        var sums = new Dictionary<(SegmentCell Segment, int Complexity), Evidence>();
        foreach (CaseCell at in cube.Cases.Cells) Add(sums, (at.Segment, at.Complexity), at.Evidence);

        var rows = new List<TaskEvidence>(sums.Count);
        foreach (((SegmentCell segment, int complexity), Evidence evidence) in sums)
        {
            rows.Add(new TaskEvidence
            {
                Area = cube.Areas[segment.Area]!,
                Risk = cube.Risks[segment.Risk]!,
                Complexity = cube.Complexities[complexity],
                Evidence = evidence,
            });
        }

        return rows;
    }

    private static void Add<TKey>(Dictionary<TKey, Evidence> sums, TKey key, in Evidence evidence) where TKey : notnull
    {
        ref Evidence sum = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
        sum.Add(evidence);
    }
}
