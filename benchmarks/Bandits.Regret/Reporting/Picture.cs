using System.Globalization;
using Bandits.Regret.Running;
using ScottPlot;

namespace Bandits.Regret.Reporting;

/// <summary>Regret curves of a study, with 95 % bands, as PNG and SVG.</summary>
/// <remarks>
/// At most eight curves, so that each can be followed: the defaults and yardsticks that were run, then the best of the rest. Names stand at the curves' ends. Colours: Okabe and
/// Ito (2008), told apart by the colour-blind. The axis of rounds is logarithmic where the environment stays as it is, and even where it changes.
/// </remarks>
internal static class Picture
{
    private const int Width = 960;
    private const int Height = 540;
    private const int MostCurves = 8;
    private const double BandErrors = 1.96;

    /// <summary>Least distance of two names, as a share of the axis.</summary>
    private const double NameDistance = 0.047;

    private static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C6D1F"];
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
        var plot = new Plot();
        bool isLog = study.Instance.IsStationary;
        IReadOnlyList<Finding> curves = Choose(study);
        int last = study.Checkpoints.Length - 1;
        double horizon = study.Instance.Horizon, left = X(1), right = X(horizon), top = curves.Max(static finding => finding.Regret.Mean) * 1.05 + 1e-9;
        double X(double round) => isLog ? Math.Log10(round) : round;

        foreach (int start in study.Instance.Stretches.Skip(1).Where(static (_, i) => i < 20).Select(static stretch => stretch.Start))
            plot.Add.VerticalLine(X(start), 1, Color.FromHex("#B0B0B0"), LinePattern.Dotted);
        if (study.Instance.LaiRobbins is { } c)
        {
            double[] at = [.. study.Checkpoints.Select(static t => (double)t)];
            var bound = plot.Add.Scatter(Array.ConvertAll(at, X), Array.ConvertAll(at, t => c * Math.Log(t)), Color.FromHex("#606060"));
            (bound.MarkerSize, bound.LineWidth, bound.LinePattern) = (0, 1.5f, LinePattern.Dashed);
            top = Math.Max(top, c * Math.Log(horizon) * 1.05);
        }

        var names = new List<(double Y, string Text, Color Colour)>();
        if (study.Instance.LaiRobbins is { } k) names.Add((k * Math.Log(horizon), "C ln t (Lai and Robbins)", Color.FromHex("#606060")));
        for (int i = 0; i < curves.Count; i++)
        {
            Color colour = Color.FromHex(Colours[i]);
            Finding finding = curves[i];
            double[] xs = Array.ConvertAll(study.Checkpoints, round => X(round)), ys = Array.ConvertAll(finding.Curve, static figure => figure.Mean);
            if (finding.Seeds > 1)
            {
                double[] low = Array.ConvertAll(finding.Curve, static f => f.Mean - BandErrors * f.Error), high = Array.ConvertAll(finding.Curve, static f => f.Mean + BandErrors * f.Error);
                var band = plot.Add.FillY(xs, low, high);
                (band.FillColor, band.LineWidth, band.MarkerSize) = (colour.WithAlpha(0.2), 0, 0);
            }

            var curve = plot.Add.Scatter(xs, ys, colour);
            (curve.MarkerSize, curve.LineWidth) = (0, 2);
            names.Add((ys[last], finding.Policy.Name, colour));
        }

        Name(plot, names, right, right + (right - left) * 0.015, top);
        plot.Title($"{Shorten(study.Instance.Name)}: mean regret, 95 % band", size: 15);
        plot.XLabel(isLog ? "rounds t (logarithmic)" : "rounds t", 13);
        plot.YLabel("cumulative pseudo-regret", 13);
        plot.Axes.SetLimits(left, right + (right - left) * 0.27, 0, top);
        plot.Grid.MajorLineColor = Color.FromHex("#EBEBEB");
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Bottom.TickGenerator = Ticks(isLog, horizon);
        return plot;
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
        double[] at = [.. names.Select(static name => name.Y)];
        double distance = NameDistance * top, least = distance / 2, most = top - distance / 2;
        for (int i = 0; i < at.Length; i++) at[i] = Math.Max(at[i], i == 0 ? least : at[i - 1] + distance);
        for (int i = at.Length - 1; i >= 0; i--) at[i] = Math.Min(at[i], i == at.Length - 1 ? most : at[i + 1] - distance);
        for (int i = 0; i < at.Length; i++)
        {
            var leader = plot.Add.Line(end, names[i].Y, x + (x - end), at[i]);
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
