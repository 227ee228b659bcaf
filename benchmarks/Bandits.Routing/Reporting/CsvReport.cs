using System.Globalization;
using Bandits.Routing.Experiments;

namespace Bandits.Routing.Reporting;

/// <summary>One line a finding, comma separated, empty where something does not apply.</summary>
internal static class CsvReport
{
    public static void Write(Stream output, Subject subject, IReadOnlyList<Finding> findings)
    {
        using var writer = new StreamWriter(output) { NewLine = "\n" };
        writer.WriteLine(
            "experiment,phase,budget,policy,features,quality,quality_low,quality_high,cost,cost_over_budget,cost_over_budget_p95,worst_window_over_budget,bound_no_context,bound_area,bound_shuffled_area,bound_prompt,bound_gap_error,"
            + string.Join(',', subject.Arms.Select(static arm => $"\"share {arm.Id.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
        foreach (Finding finding in findings)
        {
            (double low, double high) = finding.Interval;
            double[] numbers =
            [
                finding.Quality.Average(), low, high, finding.CostUsd.Average(), finding.CostOverBudget, finding.CostOverBudgetHigh, finding.WorstWindowOverBudget, finding.Bounds.NoContext, finding.Bounds.Area,
                finding.Bounds.Shuffled, finding.Bounds.Prompt, finding.Bounds.GapError, .. finding.Shares,
            ];
            writer.WriteLine($"{finding.Experiment},\"{finding.Phase}\",{Text(finding.BudgetUsd)},{finding.Policy},{finding.Features},{string.Join(',', numbers.Select(Text))}");
        }

        static string Text(double number) => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";
    }
}
