using System.Globalization;
using Bandits.History;

namespace Bandits.Cli.Rendering;

/// <summary>Numbers for people, in the invariant culture; what is unknown is a dash.</summary>
internal static class Figures
{
    private const string Unknown = "-";
    private const int LongName = 26;

    public static string Count(double count) => count.ToString(count == Math.Floor(count) ? "N0" : "N1", CultureInfo.InvariantCulture);

    public static string Rate(double? rate) => rate is { } r && double.IsFinite(r)
        ? r.ToString("P1", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal) : Unknown;

    /// <summary>The rate with its 95 % interval, marked where evidence is thin.</summary>
    public static string Rate(RateEstimate rate)
    {
        if (rate.Rate is null) return Unknown;
        (double lower, double upper) = rate.CredibleInterval;
        return string.Create(CultureInfo.InvariantCulture, $"{Rate(rate.Rate)} [{lower * 100:0}-{upper * 100:0}]{(rate.IsThin ? " thin" : "")}");
    }

    public static string Number(double? number, string format = "0.####") => number is { } n && double.IsFinite(n)
        ? n.ToString(format, CultureInfo.InvariantCulture) : Unknown;

    /// <summary>Dollars with four significant digits at least.</summary>
    public static string Usd(double? usd)
    {
        if (usd is not { } u || !double.IsFinite(u)) return Unknown;
        if (u == 0) return "$0";
        double size = Math.Abs(u);
        int decimals = size >= 100 ? 2 : size >= 0.1 ? 4 : Math.Min(9, 3 - (int)Math.Floor(Math.Log10(size)));
        return (u < 0 ? "-$" : "$") + size.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>A long name broken where its parts meet, so that tables do not break it anywhere.</summary>
    public static string Name(string id)
    {
        if (id.Length <= LongName) return id;
        int at = id.LastIndexOf('/', id.Length - 2);
        if (at < 0) at = id.LastIndexOf('-', LongName - 1);
        return at <= 0 ? id : $"{id[..(at + 1)]}\n{id[(at + 1)..]}";
    }

    /// <summary>A sum and its average over tasks; a dash where nothing is known.</summary>
    public static string PerTask(string sum, double? average, Func<double?, string> show) => average is null ? Unknown : $"{sum}, {show(average)} a task";

    public static string Seconds(double? seconds) => seconds is { } s && double.IsFinite(s) ? s.ToString("N1", CultureInfo.InvariantCulture) + " s" : Unknown;
}
