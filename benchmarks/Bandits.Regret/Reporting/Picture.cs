using System.Globalization;
using Bandits.Regret.Environments;
using Bandits.Regret.Running;
using ScottPlot;

namespace Bandits.Regret.Reporting;

/// <summary>Regret curves of a study, with 95 % bands, as PNG and SVG.</summary>
/// <remarks>
/// At most eight curves, so that each can be followed: the defaults and yardsticks that were run, then the best of the rest. Names and final figures stand at
/// the curves' ends; a curve that would flatten the others leaves at the top, its name marked by an arrow. Colours: Okabe and Ito (2008), told apart by the
/// colour-blind. The axis
/// of rounds is
/// logarithmic where the environment stays as it is, and even where it changes.
/// </remarks>
internal static class Picture
{
    private const int Width = 960;
    private const int Height = 540;
    private const int MostCurves = 8;
    private const double BandErrors = 1.96;

    /// <summary>How far the axis of regret may reach beyond the median curve's end.</summary>
    private const double MostMedians = 3;

    /// <summary>Decades of a logarithmic axis of rounds: before them there is nothing to see.</summary>
    private const int Decades = 3;

    /// <summary>Least distance of two names, as a share of the axis.</summary>
    private const double NameDistance = 0.047;

    private static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C6D1F"];
    private static readonly Color Grey = Color.FromHex("#606060");
    private static readonly string[] FontNames = ["Open Sans", "DejaVu Sans", "Liberation Sans", "Segoe UI", "Helvetica", "Arial"];
    private static readonly string[] Shown = ["adaptive", "adaptive-drift", "learning", "thompson", "kl-ucb", "ucb1"];

    /// <summary>Writes NAME.png and NAME.svg; returns NAME.</summary>
    public static string Write(string directory, Study study)
    {
        string name = FileNameOf(study.Instance.Name);
        Plot plot = Draw(study);
        Directory.CreateDirectory(directory);
        plot.SavePng(Path.Combine(directory, name + ".png"), Width, Height);
        plot.SaveSvg(Path.Combine(directory, name + ".svg"), Width, Height);
        return name;
    }

    /// <summary>The environment's text with what a file name may not hold, or hardly, replaced.</summary>
    public static string FileNameOf(string environment)
    {
        const int Longest = 80;
        string name = string.Concat(environment.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')).Trim('.');
        return name.Length <= Longest ? name : name[..Longest];
    }

    private static Plot Draw(Study study)
    {
        if (Array.Find(FontNames, static font => SkiaSharp.SKFontManager.Default.FontFamilies.Contains(font)) is { } sans) Fonts.Default = sans;
        var plot = new Plot();
        bool isLog = study.Instance.IsStationary;
        List<Finding> curves = Choose(study);
        double horizon = study.Instance.Horizon, first = isLog ? Math.Max(1, horizon / Math.Pow(10, Decades)) : 0;
        double left = X(first), right = X(horizon), top = TopOf(curves);
        int from = Array.FindIndex(study.Checkpoints, round => round >= first);
        double[] xs = Array.ConvertAll(study.Checkpoints[from..], round => X(round));
        double X(double round) => isLog ? Math.Log10(round) : round;

        foreach (Stretch stretch in study.Instance.Stretches.Skip(1)) plot.Add.VerticalLine(X(stretch.Start), 1, Color.FromHex("#B0B0B0"), LinePattern.Dotted);
        var names = new List<(double Y, string Text, Color Colour)>();
        if (study.Instance.LaiRobbins is { } c && c * Math.Log(horizon) < 2 * top)
        {
            double end = c * Math.Log(horizon);
            top = Math.Max(top, 1.05 * end);
            var bound = plot.Add.Scatter(xs, Array.ConvertAll(study.Checkpoints[from..], round => c * Math.Log(round)), Grey);
            (bound.MarkerSize, bound.LineWidth, bound.LinePattern) = (0, 1.5f, LinePattern.Dashed);
            names.Add((end, $"C ln t  {Numbers.Short(end)}", Grey));
        }

        for (int i = 0; i < curves.Count; i++)
        {
            Color colour = Color.FromHex(Colours[i]);
            Finding finding = curves[i];
            Figure[] figures = finding.Curve[from..];
            if (finding.Seeds > 1)
            {
                double[] low = Array.ConvertAll(figures, static f => f.Mean - BandErrors * f.Error);
                double[] high = Array.ConvertAll(figures, static f => f.Mean + BandErrors * f.Error);
                var band = plot.Add.FillY(xs, low, high);
                (band.FillColor, band.LineWidth, band.MarkerSize) = (colour.WithAlpha(0.2), 0, 0);
            }

            var curve = plot.Add.Scatter(xs, Array.ConvertAll(figures, static f => f.Mean), colour);
            (curve.MarkerSize, curve.LineWidth) = (0, 2);
            double end = finding.Regret.Mean;
            names.Add((end, $"{finding.Policy.Name}  {Numbers.Short(end)}{(end > top ? " ↑" : "")}", colour.Darken(0.15)));
        }

        Name(plot, names, right, right + (right - left) * 0.015, top);
        plot.Title($"{Shorten(study.Instance.Name)}: mean regret of {Numbers.Count(curves.Max(static finding => finding.Seeds))} seeds, 95 % band", size: 15);
        plot.XLabel(isLog ? "rounds t (logarithmic)" : "rounds t", 13);
        plot.YLabel("cumulative pseudo-regret", 13);
        plot.Axes.SetLimits(left, right + (right - left) * 0.32, 0, top);
        plot.Grid.MajorLineColor = Color.FromHex("#EBEBEB");
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Bottom.TickGenerator = Ticks(isLog, horizon);
        plot.Axes.Left.MinimumSize = 70;
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { MinimumTickSpacing = 40 };
        plot.Font.Set(Fonts.Default);
        return plot;
    }

    /// <summary>The end of the highest curve that does not flatten the others.</summary>
    private static double TopOf(List<Finding> curves)
    {
        double[] ends = [.. curves.Select(static finding => finding.Regret.Mean).Order()];
        double most = Math.Max(MostMedians * ends[(ends.Length - 1) / 2], 1e-3 * ends[^1]);
        double highest = ends.Last(end => end <= most || end == ends[0]);
        return highest > 0 ? 1.08 * highest : 1;
    }

    /// <summary>The named yardsticks first, then the least regret.</summary>
    private static List<Finding> Choose(Study study)
    {
        var chosen = new List<Finding>();
        foreach (string name in Shown)
            if (study.Of(name) is { } finding) chosen.Add(finding);
        chosen.AddRange(study.Findings.Except(chosen).OrderBy(static finding => finding.Regret.Mean).Take(MostCurves - chosen.Count));
        return [.. chosen.OrderByDescending(static finding => finding.Regret.Mean)];
    }

    /// <summary>Names at the ends of the curves, moved apart where they would overlap, each with a thin line to its curve.</summary>
    private static void Name(Plot plot, List<(double Y, string Text, Color Colour)> names, double end, double x, double top)
    {
        names.Sort(static (a, b) => a.Y.CompareTo(b.Y));
        double[] at = [.. names.Select(name => Math.Min(name.Y, top))];
        double distance = NameDistance * top, least = distance / 2, most = top - distance / 2;
        for (int i = 0; i < at.Length; i++) at[i] = Math.Max(at[i], i == 0 ? least : at[i - 1] + distance);
        for (int i = at.Length - 1; i >= 0; i--) at[i] = Math.Min(at[i], i == at.Length - 1 ? most : at[i + 1] - distance);
        for (int i = 0; i < at.Length; i++)
        {
            var leader = plot.Add.Line(end, Math.Min(names[i].Y, top), x + (x - end), at[i]);
            (leader.LineColor, leader.LineWidth, leader.MarkerSize) = (names[i].Colour.WithAlpha(0.6), 1, 0);
            var text = plot.Add.Text(names[i].Text, x + (x - end) * 1.4, at[i]);
            (text.LabelFontColor, text.LabelFontSize, text.LabelAlignment) = (names[i].Colour, 13, Alignment.MiddleLeft);
        }
    }

    private static ScottPlot.TickGenerators.NumericManual Ticks(bool isLog, double horizon)
    {
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        if (isLog)
        {
            for (double decade = 1; decade <= horizon; decade *= 10)
            {
                ticks.AddMajor(Math.Log10(decade), decade.ToString("#,0", CultureInfo.InvariantCulture));
                for (int i = 2; i < 10; i++)
                    if (i * decade <= horizon) ticks.AddMinor(Math.Log10(i * decade));
            }

            return ticks;
        }

        const int Intervals = 5;
        for (int i = 0; i <= Intervals; i++) ticks.AddMajor(horizon * i / Intervals, (horizon * i / Intervals).ToString("#,0", CultureInfo.InvariantCulture));
        return ticks;
    }

    private static string Shorten(string text)
    {
        const int Longest = 70;
        return text.Length <= Longest ? text : text[..(Longest - 1)] + "…";
    }
}
