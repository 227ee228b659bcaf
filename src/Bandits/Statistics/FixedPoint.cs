namespace Bandits.Statistics;

/// <summary>The units of stored evidence: integers, because integer addition is exact in any order.</summary>
internal static class FixedPoint
{
    /// <summary>Quality 1.0 in stored units of 2^-32.</summary>
    public const long QualityOne = 1L << 32;

    /// <summary>Nano-USD in one USD.</summary>
    public const double NanoUsdPerUsd = 1e9;

    /// <summary>Microseconds in one second.</summary>
    public const double MicrosecondsPerSecond = 1e6;

    /// <summary>Whole numbers up to this are exact in a floating-point number.</summary>
    public const double MostWhole = 1L << 53;

    public static long Quality(double quality) => (long)Math.Round(quality * QualityOne);

    public static long NanoUsd(double costUsd) => (long)Math.Round(costUsd * NanoUsdPerUsd);

    public static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    public static double QualityFrom(double units) => units / QualityOne;

    public static double UsdFrom(double nanoUsd) => nanoUsd / NanoUsdPerUsd;

    public static double SecondsFrom(double microseconds) => microseconds / MicrosecondsPerSecond;

    /// <summary>Whether a number is whole and in [0, <paramref name="most"/>].</summary>
    public static bool IsWhole(double value, double most) => value >= 0 && value <= most && value == Math.Floor(value);
}
