using Bandits.Regret.Running;

namespace Bandits.Regret.Reporting;

/// <summary>A table a study for people, least regret first.</summary>
internal static class TableReport
{
    public static void Write(TextWriter to, Study study)
    {
        to.WriteLine(Heading(study));
        string[][] rows = [Header(study), .. Rows(study)];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            IEnumerable<string> cells = row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]));
            to.WriteLine($"  {string.Join("  ", cells)}".TrimEnd());
        }

        to.WriteLine();
    }

    /// <summary>What was played, one line.</summary>
    public static string Heading(Study study)
    {
        string line = $"{study.Instance.Name}: T = {Numbers.Count(study.Instance.Horizon)}, mean cumulative pseudo-regret ± standard error";
        return study.Instance.LaiRobbins is { } c ? $"{line}; C ln T = {Numbers.Short(c * Math.Log(study.Instance.Horizon))}" : line;
    }

    /// <summary>Names of the columns; those without a figure are left out.</summary>
    public static string[] Header(Study study)
    {
        string difference = $"minus {Comparison.YardstickOf(study).Policy.Name}, paired";
        return HasReference(study) ? ["policy", "seeds", "regret", difference, "reference", "in errors"] : ["policy", "seeds", "regret", difference];
    }

    /// <summary>The cells by row, least regret first.</summary>
    public static IEnumerable<string[]> Rows(Study study)
    {
        bool hasReference = HasReference(study);
        foreach (Comparison line in Comparison.Of(study).OrderBy(static line => line.Finding.Regret.Mean))
        {
            string difference = line.Difference is { } d ? Numbers.Signed(d) : "";
            string[] cells = [line.Finding.Policy.Name, Numbers.Count(line.Finding.Seeds), Numbers.WithError(line.Finding.Regret), difference];
            yield return !hasReference ? cells
                : [.. cells, line.Reference is { } r ? Numbers.WithError(r) : "", line.Deviations is { } deviations ? Numbers.Deviations(deviations) : ""];
        }
    }

    private static bool HasReference(Study study) => Comparison.Of(study).Any(static line => line.Reference is not null);
}
