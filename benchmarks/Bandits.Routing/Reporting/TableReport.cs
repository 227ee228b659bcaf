using Bandits.Routing.Experiments;
using Spectre.Console;

namespace Bandits.Routing.Reporting;

/// <summary>The figures as tables, one an experiment and variant.</summary>
internal static class TableReport
{
    private const int Width = 210;

    public static void Write(Stream output, IEnumerable<Study> studies)
    {
        using var writer = new StreamWriter(output) { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = Width;
        foreach (Study study in studies)
        {
            foreach (IGrouping<string, Finding> experiment in study.Findings.GroupBy(static finding => finding.Name))
            {
                (string[] header, string[][] rows) = Columns.Of([.. experiment]);
                Table table = new Table().Border(TableBorder.Simple).Title(Markup.Escape($"{experiment.Key} on {study.Subject.Name}, {experiment.First().Quality.Length} seeds"));
                foreach (string column in header) table.AddColumn(new TableColumn(column).NoWrap());
                foreach (string[] row in rows) table.AddRow(Array.ConvertAll(row, Markup.Escape));
                console.Write(table);
            }

            if (study.Findings.Count > 0) writer.WriteLine($"traffic: shares of {string.Join(", ", study.Subject.Arms.Select(static arm => arm.Id))}");
        }
    }
}
