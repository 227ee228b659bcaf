using Spectre.Console;
using Spectre.Console.Rendering;

namespace Bandits.Cli.Rendering;

/// <summary>The one look of all tables.</summary>
internal static class Layout
{
    /// <summary>A table; a heading that begins with '&gt;' is set to the right.</summary>
    public static Table Table(params ReadOnlySpan<string> headings)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string heading in headings)
        {
            bool isNumber = heading.StartsWith('>');
            var column = new TableColumn(new Text(isNumber ? heading[1..] : heading, new Style(decoration: Decoration.Bold)));
            column.Padding(0, 1);
            table.AddColumn(isNumber ? column.RightAligned().NoWrap() : column);
        }

        return table;
    }

    public static Table Row(this Table table, params ReadOnlySpan<string> cells)
    {
        var texts = new IRenderable[cells.Length];
        for (int i = 0; i < cells.Length; i++) texts[i] = new Text(cells[i]);
        return table.AddRow(texts);
    }

    public static void Heading(this IAnsiConsole console, string text) =>
        console.Write(new Text(text + Environment.NewLine, new Style(decoration: Decoration.Bold)));

    public static void Line(this IAnsiConsole console, string text = "") => console.Write(new Text(text + Environment.NewLine));

    /// <summary>The name of a strategy as the command line takes it.</summary>
    public static string NameOf(Strategy strategy) => strategy == Strategy.AdaptiveDrift ? "adaptive-drift" : strategy.ToString().ToLowerInvariant();

    /// <summary>Pairs of a name and a value, one a line.</summary>
    public static void Pairs(this IAnsiConsole console, params ReadOnlySpan<(string Name, string Value)> pairs)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach ((string name, string value) in pairs) grid.AddRow(new Text(name), new Text(value));
        console.Write(grid);
    }
}
