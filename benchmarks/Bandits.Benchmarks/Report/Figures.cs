using System.Globalization;
using Bandits.Benchmarks.Rows;

namespace Bandits.Benchmarks.Report;

/// <summary>How numbers are written, the same in the terminal and on the page.</summary>
internal static class Figures
{
    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 100 => Text($"{nanoseconds:0.0} ns"),
        < 10_000 => Text($"{nanoseconds:N0} ns"),
        < 10_000_000 => Text($"{nanoseconds / 1e3:N1} us"),
        _ => Text($"{nanoseconds / 1e6:N1} ms"),
    };

    public static string Ratio(double ratio) => Text($"{ratio:0.00}");

    /// <summary>As many digits as the number is exact to; never rounds a few bytes down to none.</summary>
    public static string Bytes(double bytes) =>
        bytes is 0 or >= 10 ? Text($"{bytes:N0} B") : Text($"{bytes:0.####} B");

    public static string Kept(double bytes) => Text($"{bytes:0.0} B");

    public static string Verdict(Finding finding) => (finding.MeetsRatio, finding.MeetsBytes) switch
    {
        (null, null) => "",
        (null or true, null or true) => "met",
        (false, null or true) => "missed",
        (null or true, false) => "missed (bytes)",
        (false, false) => "missed (both)",
    };

    public static string Goals(Finding finding)
    {
        string ratio = finding.RatioGoal is { } r ? r.ToString() : "", bytes = finding.BytesGoal is { } b ? $"{(b.Bound == 0 ? "0" : b.ToString())} B" : "";
        return ratio.Length > 0 && bytes.Length > 0 ? $"{ratio}; {bytes}" : ratio + bytes;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
