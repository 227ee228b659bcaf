using ScottPlot;

namespace Bandits.Routing.Reporting;

/// <summary>Names at the right ends of lines, moved apart where they would overlap, each with a thin line to where it belongs.</summary>
internal static class Names
{
    private const float FontSize = 13;

    /// <param name="plot">Where.</param>
    /// <param name="names">What stands at which height.</param>
    /// <param name="end">Where the lines end.</param>
    /// <param name="gap">Room between the ends and the names.</param>
    /// <param name="bottom">Lower end of the axis.</param>
    /// <param name="top">Upper end of the axis.</param>
    /// <param name="distance">Least distance of two names.</param>
    public static void Add(Plot plot, IEnumerable<(double Y, string Text, Color Colour)> names, double end, double gap, double bottom, double top, double distance)
    {
        (double Y, string Text, Color Colour)[] sorted = [.. names.OrderBy(static name => name.Y)];
        double[] at = Array.ConvertAll(sorted, static name => name.Y);
        for (int i = 0; i < at.Length; i++) at[i] = Math.Max(at[i], i == 0 ? bottom + distance / 2 : at[i - 1] + distance);
        for (int i = at.Length - 1; i >= 0; i--) at[i] = Math.Min(at[i], i == at.Length - 1 ? top - distance / 2 : at[i + 1] - distance);
        for (int i = 0; i < at.Length; i++)
        {
            var leader = plot.Add.Line(end, sorted[i].Y, end + gap, at[i]);
            (leader.LineColor, leader.LineWidth, leader.MarkerSize) = (sorted[i].Colour.WithAlpha(0.6), 1, 0);
            var text = plot.Add.Text(sorted[i].Text, end + gap * 1.3, at[i]);
            (text.LabelFontColor, text.LabelFontSize, text.LabelAlignment) = (sorted[i].Colour.Darken(0.15), FontSize, Alignment.MiddleLeft);
        }
    }
}
