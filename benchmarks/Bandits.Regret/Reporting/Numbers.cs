using System.Globalization;
using Bandits.Regret.Running;

namespace Bandits.Regret.Reporting;

/// <summary>Numbers as text, the same in every report.</summary>
internal static class Numbers
{
    /// <summary>All digits, for machines.</summary>
    public static string Exact(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>One digit after the point, more below 10 where they would be lost.</summary>
    public static string Short(double number) =>
        double.IsNaN(number) ? "?" : number.ToString(Math.Abs(number) is >= 1 or 0 ? "0.0" : "0.00", CultureInfo.InvariantCulture);

    public static string WithError(Figure figure) => double.IsNaN(figure.Error) ? Short(figure.Mean) : $"{Short(figure.Mean)} ± {Short(figure.Error)}";

    public static string Signed(Figure figure) => (figure.Mean >= 0 ? "+" : "") + WithError(figure);

    public static string Deviations(double deviations) => (Math.Round(deviations, 1) < 0 ? "-" : "+") + Math.Abs(deviations).ToString("0.0", CultureInfo.InvariantCulture);

    public static string Count(int count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
