using Bandits.Benchmarks.Inputs;

namespace Bandits.Benchmarks.Rows;

/// <summary>All rows in the order of the table.</summary>
internal static class Catalogue
{
    public static IEnumerable<Row> All(Histories histories)
    {
        foreach (Row row in RoutingRows.All()) yield return row;
        foreach (Row row in MetricsRows.All()) yield return row;
        foreach (Row row in NumericsRows.All()) yield return row;
        foreach (Row row in PosteriorRows.All()) yield return row;
        foreach (Row row in ContextualRows.All()) yield return row;
        foreach (Row row in SegmentRows.All()) yield return row;
        foreach (Row row in RecordingRows.All()) yield return row;
        foreach (Row row in DurabilityRows.All()) yield return row;
        foreach (Row row in ImportRows.All()) yield return row;
        foreach (Row row in AnalyticsRows.All(histories)) yield return row;
    }
}
