namespace Bandits.Extensions;

/// <summary>The words that stand in labels: lower case with underscores, as OpenTelemetry names values.</summary>
internal static class KindName
{
    public static string Of(Strategy strategy) => strategy switch
    {
        Strategy.AdaptiveDrift => "adaptive_drift",
        _ => strategy.ToString().ToLowerInvariant(),
    };

    public static string Of(OutcomeKind? kind) => kind switch
    {
        null => "none",
        OutcomeKind.HumanReview => "human_review",
        _ => kind.Value.ToString().ToLowerInvariant(),
    };

    public static string Of(OutcomeComponents component) => component.ToString().ToLowerInvariant();

    public static string Of(Recorded recorded) => recorded switch
    {
        Recorded.AlreadyKnown => "already_known",
        Recorded.BeyondHorizon => "beyond_horizon",
        _ => recorded.ToString().ToLowerInvariant(),
    };
}
