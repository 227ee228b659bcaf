using System.Globalization;
using Bandits.Routing.Experiments;
using ScottPlot;

namespace Bandits.Routing.Reporting;

/// <summary>What happened over time, a plot for each budget and variant: what was spent against the budget, or which models the traffic went to.</summary>
internal static class CoursePicture
{
    private const int Width = 440;
    private const int Height = 250;

    /// <summary>Plots beside each other where there are no variants.</summary>
    private const int Beside = 3;

    /// <summary>How much of the budget the axis shows; what goes beyond leaves at the top.</summary>
    private const double MostOverBudget = 2;

    /// <summary>Room for names right of the last plot of a row, in pixels, and as a share of the decisions.</summary>
    private const int NamesWidth = 175;
    private const double NamesShare = 0.45;

    /// <summary>Mean cost over budget, mean over seeds, with a band from the 5th to the 95th percentile of the seeds.</summary>
    public static void WriteSpending(string directory, string name, Study study, IReadOnlyList<Course> courses) => Write(
        directory, name, $"{courses[0].Experiment}: cost of the last {Course.Window} decisions / budget, mean and 90 % of the seeds", courses, 0, static (plot, course, _) =>
        {
            double[] xs = Array.ConvertAll(course.At, static at => (double)at);
            double[] Over(double[] usd) => Array.ConvertAll(usd, cost => Math.Min(cost / course.BudgetUsd, 2 * MostOverBudget));
            var band = plot.Add.FillY(xs, Over(course.CostLowUsd), Over(course.CostHighUsd));
            (band.FillColor, band.LineWidth, band.MarkerSize) = (Sheet.Blue.WithAlpha(0.2), 0, 0);
            var line = plot.Add.Scatter(xs, Over(course.CostUsd), Sheet.Blue);
            (line.MarkerSize, line.LineWidth) = (0, 2);
            plot.Add.HorizontalLine(1, 1.5f, Color.FromHex("#000000"), LinePattern.Dashed);
            plot.Axes.SetLimits(0, xs[^1], 0, MostOverBudget);
        });

    /// <summary>Shares of the arms, the cheapest at the bottom; the model that joins on top.</summary>
    public static void WriteTraffic(string directory, string name, Study study, IReadOnlyList<Course> courses)
    {
        Subject subject = study.Subject;
        int[] arms = [.. Enumerable.Range(0, subject.Established).Select(subject.ByCost), .. Enumerable.Range(subject.Established, subject.Arms.Length - subject.Established)];
        bool[] isSeen = Array.ConvertAll(arms, arm => courses.Any(course => course.Shares[arm].Any(static share => share > 0)));
        Write(directory, name, $"{courses[0].Experiment}: shares of the last {Course.Window} decisions, mean of the seeds", courses, NamesWidth, (plot, course, isNamed) =>
        {
            double[] xs = Array.ConvertAll(course.At, static at => (double)at), below = new double[xs.Length];
            var names = new List<(double Y, string Text, Color Colour)>();
            for (int rank = 0; rank < arms.Length; rank++)
            {
                double[] shares = course.Shares[arms[rank]], above = [.. below.Zip(shares, static (a, b) => a + b)];
                if (!isSeen[rank]) continue;
                var area = plot.Add.FillY(xs, below, above);
                (area.FillColor, area.LineWidth, area.MarkerSize) = (Sheet.OfArm(rank).WithAlpha(0.85), 0, 0);
                names.Add(((below[^1] + above[^1]) / 2, Sheet.ShortName(subject.Arms[arms[rank]].Id), Sheet.OfArm(rank)));
                below = above;
            }

            if (isNamed) Names.Add(plot, names, xs[^1], xs[^1] * 0.02, 0, 1, 0.11);
            plot.Axes.SetLimits(0, isNamed ? xs[^1] * (1 + NamesShare) : xs[^1], 0, 1);
        });
    }

    private static void Write(string directory, string name, string title, IReadOnlyList<Course> courses, int wider, Action<Plot, Course, bool> draw)
    {
        string[] variants = [.. courses.Select(static course => course.Variant).Distinct()];
        bool hasVariants = variants.Length > 1;
        int columns = hasVariants ? variants.Length : Math.Min(Beside, courses.Count);
        Course[] ordered = hasVariants ? [.. courses.OrderBy(static course => course.BudgetUsd).ThenBy(course => Array.IndexOf(variants, course.Variant))] : [.. courses.OrderBy(static course => course.BudgetUsd)];
        var plots = new List<Plot>();
        for (int i = 0; i < ordered.Length; i++)
        {
            Course course = ordered[i];
            Plot plot = Sheet.NewPlot();
            draw(plot, course, (i + 1) % columns == 0 || i == ordered.Length - 1);
            foreach (int start in course.Starts.Skip(1)) plot.Add.VerticalLine(start, 1.5f, Color.FromHex("#000000"), LinePattern.Dotted);
            plot.Title($"{(hasVariants ? course.Variant + ", " : "")}{Numbers.Usd(course.BudgetUsd)} USD a decision", 13);
            if (i >= ordered.Length - columns) plot.XLabel("decisions", 12);
            plot.Axes.Bottom.TickGenerator = Ticks(course.At[^1]);
            plot.Axes.Left.MinimumSize = 45;
            plots.Add(plot);
        }

        Sheet.Save(directory, name, title, plots, columns, (Width, Height, wider));
    }

    private static ScottPlot.TickGenerators.NumericManual Ticks(int decisions)
    {
        const int MostTicks = 5;
        int step = 1, power = 1;
        while (decisions / step > MostTicks) (step, power) = step == power ? (2 * power, power) : step == 2 * power ? (5 * power, power) : (10 * power, 10 * power);
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        for (int at = 0; at <= decisions; at += step) ticks.AddMajor(at, at.ToString("#,0", CultureInfo.InvariantCulture));
        return ticks;
    }
}
