namespace Bandits.History;

/// <summary>Totals by name as rows, names in the order in which they first appeared in the log.</summary>
internal static class Breakdown
{
    public static List<NameCount> Of(NameTable names, NameCounts counts)
    {
        var rows = new List<NameCount>();
        for (int i = 0; i < counts.All.Length; i++)
        {
            if (counts.All[i] > 0) rows.Add(new NameCount(names[i]!, counts.All[i]));
        }

        return rows;
    }

    public static List<ComplexityPerformance> Of(HistoryCube cube, ComplexityTotals complexities)
    {
        var rows = new List<ComplexityPerformance>();
        for (int i = 0; i < complexities.All.Length; i++)
        {
            ref readonly TaskTotals totals = ref complexities.All[i];
            if (totals.Tasks == 0) continue;
            rows.Add(new ComplexityPerformance
            {
                Complexity = cube.Complexities[i],
                SuccessRate = new RateEstimate(totals.Successes, totals.Tasks),
                AverageCostUsd = totals.CostUsd.Mean,
                AverageDurationSeconds = totals.DurationSeconds.Mean,
            });
        }

        return rows;
    }
}
