using System.Globalization;
using Bandits.Routing.Experiments;
using Spectre.Console;

namespace Bandits.Routing.Reporting;

/// <summary>The figures as tables, one an experiment.</summary>
internal static class TableReport
{
    private const int Width = 190;

    public static void Write(Stream output, Subject subject, IReadOnlyList<Finding> findings)
    {
        using var writer = new StreamWriter(output) { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = Width;
        foreach (IGrouping<string, Finding> experiment in findings.GroupBy(static finding => finding.Experiment))
        {
            Table table = new Table().Border(TableBorder.Simple).Title(Markup.Escape($"{experiment.Key} on {subject.Name}, {experiment.First().Quality.Length} seeds"));
            foreach (string column in (string[])["phase", "USD a decision", "policy", "quality", "95 %", "no context", "shuffled", "by area", "cost/budget", "p95", "worst 100", "traffic"]) table.AddColumn(new TableColumn(column).NoWrap());
            foreach (Finding finding in experiment)
            {
                (double low, double high) = finding.Interval;
                bool hasBudget = double.IsFinite(finding.BudgetUsd);
                table.AddRow(Array.ConvertAll(
                    [
                        finding.Phase, hasBudget ? finding.BudgetUsd.ToString("0.00e-0", CultureInfo.InvariantCulture) : "any", $"{finding.Policy} {finding.Features}", Quality(finding.Quality.Average()),
                        $"{Quality(low)} {Quality(high)}", Quality(finding.Bounds.NoContext), Quality(finding.Bounds.Shuffled), Quality(finding.Bounds.Area), hasBudget ? Ratio(finding.CostOverBudget) : "",
                        hasBudget ? Ratio(finding.CostOverBudgetHigh) : "", hasBudget ? Ratio(finding.WorstWindowOverBudget) : "",
                        string.Join(' ', finding.Shares.Select(static share => share.ToString("0.000", CultureInfo.InvariantCulture))),
                    ],
                    Markup.Escape));
            }

            console.Write(table);
        }

        console.WriteLine($"traffic: shares of {string.Join(", ", subject.Arms.Select(static arm => arm.Id))}");

        static string Quality(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

        static string Ratio(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
    }
}
