namespace Bandits.Budgets;

/// <summary>A request as the spend controller sees it.</summary>
/// <param name="segment">Number of the segment.</param>
/// <param name="arms">Dense indices of the eligible arms.</param>
/// <param name="values">Utility at price 0 of each of them.</param>
/// <param name="costs">Expected cost of each, USD.</param>
internal readonly ref struct SpendRequest(int segment, ReadOnlySpan<int> arms, ReadOnlySpan<double> values, ReadOnlySpan<double> costs)
{
    public int Segment { get; } = segment;

    public ReadOnlySpan<int> Arms { get; } = arms;

    public ReadOnlySpan<double> Values { get; } = values;

    public ReadOnlySpan<double> Costs { get; } = costs;

    /// <summary>The same without the features of the request; empty when it has none.</summary>
    public ReadOnlySpan<double> ValuesWithout { get; init; }

    public ReadOnlySpan<double> CostsWithout { get; init; }
}
