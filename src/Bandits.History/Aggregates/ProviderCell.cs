namespace Bandits.History;

/// <summary>One provider over all segments: records where it served either role, each counted once.</summary>
internal sealed class ProviderCell
{
    public TaskTotals Totals;
}
