using System.Globalization;
using Bandits.Routing.Bounds;
using Bandits.Routing.Experiments;
using ScottPlot;

namespace Bandits.Routing.Reporting;

/// <summary>Quality against what was spent: the router at each budget, with 95 % intervals, below what hindsight could have had, beside each model alone.</summary>
internal static class FrontierPicture
{
    private const int Width = 1020;
    private const int Height = 600;

    private static readonly Color[] CurveColours = [Color.FromHex("#8C6D1F"), Color.FromHex("#009E73"), Sheet.Grey];
    private static readonly LinePattern[] CurvePatterns = [LinePattern.Dotted, LinePattern.Solid, LinePattern.Dashed];

    /// <param name="directory">Where it is written.</param>
    /// <param name="name">Name of the picture.</param>
    /// <param name="study">What was found.</param>
    /// <param name="curves">The bounds.</param>
    public static void Write(string directory, string name, Study study, IReadOnlyList<Frontier> curves)
    {
        Finding[] ours = [.. study.Findings.Where(static f => f.Experiment == Catalogue.Budgets && f.Policy == Laboratory.Ours)];
        ours = [.. ours.Where(finding => finding.Features == ours[0].Features).OrderBy(static f => f.MeanCostUsd)];
        Plot plot = Sheet.NewPlot();
        double left = Math.Log10(Math.Min(curves.Min(static c => c.CostUsd.Min()), ours[0].MeanCostUsd)), right = Math.Log10(Math.Max(curves.Max(static c => c.CostUsd.Max()), ours[^1].MeanCostUsd));
        double bottom = curves.Min(static c => c.Quality.Min()), top = curves.Max(static c => c.Quality.Max()), room = right - left, height = top - bottom;
        var names = new List<(double Y, string Text, Color Colour)>();
        for (int i = 0; i < curves.Count; i++)
        {
            // A bound that has all it wants spends no more: level from there on.
            double[] xs = [.. curves[i].CostUsd.Select(static usd => Math.Log10(usd)), right], ys = [.. curves[i].Quality, curves[i].Quality[^1]];
            var curve = plot.Add.Scatter(xs, ys, CurveColours[i]);
            (curve.MarkerSize, curve.LineWidth, curve.LinePattern) = (0, 2, CurvePatterns[i]);
            names.Add((ys[^1], $"{curves[i].Name}  {Numbers.Quality(ys[^1])}", CurveColours[i]));
        }

        for (int rank = 0; rank < study.Subject.Established; rank++)
        {
            int arm = study.Subject.ByCost(rank);
            double x = Math.Log10(Math.Max(study.Subject.MeanCostOf(arm), Math.Pow(10, left))), y = study.Subject.Test.Average(task => task.Quality[arm]);
            plot.Add.Marker(x, y, MarkerShape.FilledDiamond, 12, Sheet.OfArm(rank));
            bool isMiddle = rank > 0 && rank < study.Subject.Established - 1;
            var text = plot.Add.Text(Sheet.ShortName(study.Subject.Arms[arm].Id), x, y + height * (isMiddle ? 0.02 : -0.03));
            (text.LabelFontColor, text.LabelFontSize) = (Sheet.OfArm(rank).Darken(0.2), 13);
            text.LabelAlignment = isMiddle ? Alignment.LowerCenter : rank == 0 ? Alignment.UpperLeft : Alignment.UpperCenter;
        }

        double[] costs = Array.ConvertAll(ours, static f => Math.Log10(f.MeanCostUsd)), qualities = Array.ConvertAll(ours, static f => f.MeanQuality);
        var line = plot.Add.Scatter(costs, qualities, Sheet.Blue);
        (line.LineWidth, line.MarkerSize, line.MarkerShape) = (0, 9, MarkerShape.FilledCircle);
        foreach ((Finding finding, double cost) in ours.Zip(costs))
        {
            (double low, double high) = finding.Interval;
            var interval = plot.Add.Line(cost, low, cost, high);
            (interval.LineColor, interval.LineWidth, interval.MarkerSize) = (Sheet.Blue, 2, 0);
        }

        names.Add((qualities[^1], $"the router  {Numbers.Quality(qualities[^1])}", Sheet.Blue));
        Names.Add(plot, names, right, room * 0.02, bottom - 0.08 * height, top + 0.04 * height, 0.05 * height);
        plot.XLabel("mean cost of a decision, USD (logarithmic)", 13);
        plot.YLabel("mean quality", 13);
        plot.Axes.Left.MinimumSize = 70;
        plot.Axes.SetLimits(left - 0.02 * room, right + 0.33 * room, bottom - 0.08 * height, top + 0.04 * height);
        plot.Axes.Bottom.TickGenerator = Decades(left, right);
        Sheet.Save(directory, name, $"{study.Subject.Name}: quality and cost, mean of {ours[0].Quality.Length} seeds, 95 % intervals", [plot], 1, (Width, Height, 0));
    }

    private static ScottPlot.TickGenerators.NumericManual Decades(double left, double right)
    {
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        for (int decade = (int)Math.Floor(left); decade <= right; decade++)
        {
            if (decade >= left - 0.1) ticks.AddMajor(decade, Math.Pow(10, decade).ToString("0.######", CultureInfo.InvariantCulture));
            for (int i = 2; i < 10; i++)
                if (decade + Math.Log10(i) is var minor && minor >= left && minor <= right) ticks.AddMinor(minor);
        }

        return ticks;
    }
}
