namespace Bandits;

/// <summary>What happened after a decision: a vector whose every part but the kind is optional.</summary>
/// <remarks>
/// <para>What each kind teaches (normative; implemented once, in <c>Statistics/Contribution.cs</c>):</para>
/// <list type="table">
/// <listheader><term>kind</term><description>quality; availability; cost and latency</description></listheader>
/// <item><term>Success, Failed, Partial</term><description>1, 0, unknown, or the grade given; up; counted</description></item>
/// <item><term>HumanReview</term><description>pending, a later revision brings it; up; counted</description></item>
/// <item><term>Cancelled</term><description>none, counted per arm; up; counted if given</description></item>
/// <item><term>Unavailable</term><description>none; down, and ineligible for <see cref="RetryAfter"/>; counted if given</description></item>
/// <item><term>Timeout</term><description>none; down; latency right-censored at <see cref="Latency"/></description></item>
/// <item><term>Expired</term><description>none, provisional; none; none</description></item>
/// </list>
/// <para>An outcome is keyed by (decision, attempt, part, <see cref="Revision"/>): the parts are the judgement (kind and quality),
/// the cost (with tokens) and the latency (with time to first content). A part may come later than another; for each
/// part the highest revision counts, in whatever order and however often outcomes arrive.</para>
/// </remarks>
public readonly record struct Outcome
{
    /// <summary>Largest cost one outcome may carry, USD.</summary>
    public const double MaxCostUsd = 1e6;

    /// <summary>Longest <see cref="Source"/>, <see cref="EvaluatorVersion"/> and <see cref="ReturnedModel"/>, characters.</summary>
    public const int MaxTextLength = 200;

    /// <summary>Latest time, UTC ticks: the last of the year 9999, as in <see cref="DateTime.MaxValue"/>.</summary>
    internal const ulong MaxTimeTicks = 3155378975999999999;

    /// <summary>Largest latency one outcome may carry: 365 days.</summary>
    public static readonly TimeSpan MaxLatency = TimeSpan.FromDays(365);

    /// <summary>What became of the decision, or null for an outcome that only brings cost or latency.</summary>
    public OutcomeKind? Kind { get; init; }

    /// <summary>Graded quality in [0, 1]. Only for success, failed, partial and human-review; overrides the 1 or 0 of the kind.</summary>
    public double? Quality { get; init; }

    /// <summary>Cost in USD, in [0, <see cref="MaxCostUsd"/>]. When null and tokens are given, it is computed from the arm's prices.</summary>
    public double? CostUsd { get; init; }

    /// <summary>Tokens sent to the arm, zero or more.</summary>
    public int? InputTokens { get; init; }

    /// <summary>Tokens the arm produced, zero or more.</summary>
    public int? OutputTokens { get; init; }

    /// <summary>Time from start to end, in [0, <see cref="MaxLatency"/>]; for <see cref="OutcomeKind.Timeout"/> the limit that was hit.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Time from start to first content, in [0, 1 hour].</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>How long the arm asked to be left alone; only with <see cref="OutcomeKind.Unavailable"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Attempt number of the decision this reports on. Must equal <see cref="Decision.Attempt"/>.</summary>
    public int Attempt { get; init; }

    /// <summary>Revision of the parts given, 0 first; a higher one takes the lower one back and replaces it. At most 32,767.</summary>
    public int Revision { get; init; }

    /// <summary>Who reports it: the caller, a grader, a person. Up to <see cref="MaxTextLength"/> characters, kept in the journal only.</summary>
    public string? Source { get; init; }

    /// <summary>Version of what graded it. Up to <see cref="MaxTextLength"/> characters, kept in the journal only.</summary>
    public string? EvaluatorVersion { get; init; }

    /// <summary>The model that answered, as it named itself. Up to <see cref="MaxTextLength"/> characters, kept in the journal only.</summary>
    public string? ReturnedModel { get; init; }

    /// <summary>When the outcome became known, UTC ticks; 0 for the time of <see cref="BanditRouter.SetClock"/> or else the decision's. Used only for availability.</summary>
    public long TimeTicks { get; init; }
}
