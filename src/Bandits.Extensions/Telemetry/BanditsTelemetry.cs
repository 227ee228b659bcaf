using System.Diagnostics;

namespace Bandits.Extensions;

/// <summary>The names under which routers are observed: add both to OpenTelemetry, or to any other listener.</summary>
public static class BanditsTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Bandits";

    /// <summary>Name of the activity source: recording an outcome, and opening, flushing and saving a store.</summary>
    public const string ActivitySourceName = "Bandits";

    internal const string RouterTag = "bandits.router";
    internal const string ArmTag = "bandits.arm";
    internal const string StrategyTag = "bandits.strategy";
    internal const string ExploredTag = "bandits.explored";
    internal const string FallbackTag = "bandits.fallback";
    internal const string KindTag = "bandits.outcome.kind";
    internal const string ComponentTag = "bandits.component";
    internal const string DirectionTag = "bandits.direction";
    internal const string AnnouncedTag = "bandits.announced";
    internal const string CapTag = "bandits.cap";
    internal const string ResultTag = "bandits.record.result";

    internal static readonly ActivitySource Source = new(ActivitySourceName);
}
