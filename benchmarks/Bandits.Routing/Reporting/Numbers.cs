using System.Globalization;

namespace Bandits.Routing.Reporting;

/// <summary>Numbers as text, the same in every report for people; nothing where there is no number.</summary>
internal static class Numbers
{
    public static string Quality(double value) => Format(value, "0.0000");

    public static string Ratio(double value) => Format(value, "0.000");

    public static string Share(double value) => Format(value, "0.000");

    /// <summary>USD a decision; "any" without a budget.</summary>
    public static string Budget(double usd) => double.IsInfinity(usd) ? "any" : Format(usd, "0.00e-0");

    public static string Usd(double usd) => Format(usd, "0.00e-0");

    public static string Signed(double value) => Format(value, "+0.0000;-0.0000;0.0000");

    public static string Percent(double share) => Format(100 * share, "0.0") + " %";

    private static string Format(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "";
}
