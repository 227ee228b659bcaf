using Bandits.Routing.Experiments;

namespace Bandits.Routing.Reporting;

/// <summary>The columns of a table for people, the same on the terminal and on the page; those that say nothing in an experiment are left out.</summary>
internal static class Columns
{
    private sealed record Column(string Name, Func<Finding, string> Cell);

    private static readonly Column[] All =
    [
        new("phase", static f => f.Phase),
        new("USD a decision", static f => Numbers.Budget(f.BudgetUsd)),
        new("policy, knows", static f => $"{f.Policy}, {f.Features}"),
        new("quality", static f => Numbers.Quality(f.MeanQuality)),
        new("95 %", static f => $"{Numbers.Quality(f.Interval.Low)} to {Numbers.Quality(f.Interval.High)}"),
        new("no context", static f => Numbers.Quality(f.Bounds.NoContext)),
        new("shuffled", static f => Numbers.Quality(f.Bounds.Shuffled)),
        new("by area", static f => Numbers.Quality(f.Bounds.Area)),
        new("by prompt", static f => Numbers.Quality(f.Bounds.Prompt)),
        new("over best model", static f => f.Experiment == Catalogue.Quality ? $"{Numbers.Signed(f.BestSingle.Over)} ± {Numbers.Quality(f.BestSingle.OverError)}" : ""),
        new("cost/budget", static f => Numbers.Ratio(f.CostOverBudget)),
        new("p95", static f => Numbers.Ratio(f.CostOverBudgetHigh)),
        new("worst 100", static f => Numbers.Ratio(f.WorstWindowOverBudget)),
        new("traffic", static f => string.Join(' ', f.Shares.Take(f.Present).Select(Numbers.Share))),
    ];

    /// <summary>The header, and a row of cells a finding.</summary>
    public static (string[] Header, string[][] Rows) Of(IReadOnlyCollection<Finding> findings)
    {
        Column[] shown = Array.FindAll(All, column => findings.Any(finding => column.Cell(finding).Length > 0));
        return (Array.ConvertAll(shown, static column => column.Name), [.. findings.Select(finding => Array.ConvertAll(shown, column => column.Cell(finding)))]);
    }
}
