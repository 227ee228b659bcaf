using Bandits.Regret.Running;

namespace Bandits.Regret.Reporting;

/// <summary>One line a policy and environment, every figure with all its digits; a cell is empty where there is no figure.</summary>
internal static class CsvReport
{
    public static void Write(TextWriter to, IEnumerable<Study> studies)
    {
        to.WriteLine("environment,policy,horizon,seeds,regret,se,against,difference,difference_se,reference,reference_se,deviations");
        foreach (Study study in studies)
        {
            string against = Comparison.YardstickOf(study).Policy.Name;
            foreach (Comparison line in Comparison.Of(study))
            {
                Finding finding = line.Finding;
                string[] cells =
                [
                    study.Instance.Name, finding.Policy.Name, Numbers.Exact(study.Instance.Horizon), Numbers.Exact(finding.Seeds),
                    Cell(finding.Regret.Mean), Cell(finding.Regret.Error), against, Cell(line.Difference?.Mean), Cell(line.Difference?.Error),
                    Cell(line.Reference?.Mean), Cell(line.Reference?.Error), Cell(line.Deviations),
                ];
                to.WriteLine(string.Join(',', cells.Select(Quoted)));
            }
        }
    }

    private static string Cell(double? number) => number is { } n && !double.IsNaN(n) ? Numbers.Exact(n) : "";

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
