using System.Globalization;
using Bandits.Routing.Experiments;

namespace Bandits.Routing.Reporting;

/// <summary>One line a finding, comma separated, empty where something does not apply; a column for the share of each model of any set.</summary>
internal static class CsvReport
{
    private const string Header = "set,experiment,variant,phase,budget,policy,features,quality,quality_low,quality_high,cost,cost_over_budget,cost_over_budget_p95,worst_window_over_budget,"
        + "bound_no_context,bound_area,bound_shuffled_area,bound_prompt,bound_gap_error,best_single,over_best_single,over_best_single_error";

    public static void Write(Stream output, IReadOnlyList<Study> studies)
    {
        using var writer = new StreamWriter(output) { NewLine = "\n" };
        string[] arms = [.. studies.SelectMany(static study => study.Subject.Arms).Select(static arm => arm.Id).Distinct()];
        writer.WriteLine(string.Join(',', [Header, .. arms.Select(static arm => Quoted($"share {arm}"))]));
        foreach (Study study in studies)
        {
            int[] columns = Array.ConvertAll(arms, id => Array.FindIndex(study.Subject.Arms, arm => arm.Id == id));
            foreach (Finding finding in study.Findings)
            {
                (double low, double high) = finding.Interval;
                string[] texts = [study.Subject.Name, finding.Experiment, finding.Variant, finding.Phase];
                double[] numbers =
                [
                    finding.MeanQuality, low, high, finding.MeanCostUsd, finding.CostOverBudget, finding.CostOverBudgetHigh, finding.WorstWindowOverBudget, finding.Bounds.NoContext, finding.Bounds.Area,
                    finding.Bounds.Shuffled, finding.Bounds.Prompt, finding.Bounds.GapError, finding.BestSingle.Quality, finding.BestSingle.Over, finding.BestSingle.OverError,
                    .. columns.Select(column => column < 0 ? double.NaN : finding.Shares[column]),
                ];
                writer.WriteLine(string.Join(',', [.. texts.Select(Quoted), Text(finding.BudgetUsd), finding.Policy, finding.Features, .. numbers.Select(Text)]));
            }
        }
    }

    private static string Text(double number) => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
