using Bandits.History;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>Results by complexity.</summary>
internal static class ComplexityTable
{
    public static Table Of(IReadOnlyList<ComplexityPerformance> rows)
    {
        Table table = Layout.Table("complexity", ">tasks", ">success [95%]", ">cost a task", ">duration");
        foreach (ComplexityPerformance row in rows)
        {
            table.Row(
                row.Complexity ?? "(none)", Figures.Count(row.SuccessRate.Trials), Figures.Rate(row.SuccessRate), Figures.Usd(row.AverageCostUsd),
                    Figures.Seconds(row.AverageDurationSeconds));
        }

        return table;
    }
}
