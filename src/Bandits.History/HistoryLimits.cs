namespace Bandits.History;

/// <summary>Bounds that keep memory finite on any input. All are part of the format; none is configurable.</summary>
internal static class HistoryLimits
{
    /// <summary>Longest line, bytes without the line end.</summary>
    public const int LineBytes = 1 << 20;

    /// <summary>Longest name, bytes of UTF-8; a longer one is counted under <see cref="OtherName"/>.</summary>
    public const int NameBytes = 512;

    /// <summary>Distinct areas, models, providers or error types; further ones are counted under <see cref="OtherName"/>.</summary>
    public const int Names = 4096;

    /// <summary>Distinct risks or complexities.</summary>
    public const int FewNames = 256;

    /// <summary>Combinations of (area, risk, complexity, planner, implementer); further ones are counted in one cell of <see cref="OtherName"/>.</summary>
    public const int Cells = 1 << 17;

    /// <summary>Where names and cells beyond the bounds are counted.</summary>
    public const string OtherName = "(other)";

    /// <summary>Largest cost of a record, USD: what one outcome may carry.</summary>
    public const double MaxCostUsd = Outcome.MaxCostUsd;

    /// <summary>Longest duration of a record, seconds: what one outcome may carry.</summary>
    public static readonly double MaxDurationSeconds = Outcome.MaxLatency.TotalSeconds;
}
