namespace Bandits.History;

/// <summary>A segment where a cheaper implementer would do about as well.</summary>
/// <remarks>
/// The cost compared with is the segment's average over all models, so the savings are those of giving *every* task of the segment to the recommended
/// model. Where that is already the most used one (<see cref="IsAlreadyMostUsed"/>) nothing is replaced: the advice is to send the rest of the segment there too.
/// History is confounded (models were not given tasks at random): treat it as a hint of what to try.
/// </remarks>
public sealed class SavingsOpportunity
{
    /// <summary>Task area.</summary>
    public required string Area { get; init; }

    /// <summary>Task risk.</summary>
    public required string Risk { get; init; }

    /// <summary>The role the advice is for: always <see cref="HistoryRole.Implementer"/>.</summary>
    public HistoryRole Role => HistoryRole.Implementer;

    /// <summary>The implementer most used in the segment, the earliest seen on a tie.</summary>
    public required string CurrentModel { get; init; }

    /// <summary>The cheapest implementer whose success rate is at most 0.1 below the segment's.</summary>
    public required string RecommendedModel { get; init; }

    /// <summary>True when <see cref="RecommendedModel"/> is <see cref="CurrentModel"/>: send it the segment's remaining tasks, replace nothing.</summary>
    public bool IsAlreadyMostUsed => CurrentModel == RecommendedModel;

    /// <summary>Average cost of the segment's tasks over all models, USD.</summary>
    public required double CurrentCostUsd { get; init; }

    /// <summary>Average cost with the recommended model, USD.</summary>
    public required double NewCostUsd { get; init; }

    /// <summary><see cref="CurrentCostUsd"/> - <see cref="NewCostUsd"/>.</summary>
    public required double SavingsPerTaskUsd { get; init; }

    /// <summary>Success rate of the current model in the segment.</summary>
    public required RateEstimate CurrentSuccessRate { get; init; }

    /// <summary>Success rate of the recommended model in the segment.</summary>
    public required RateEstimate NewSuccessRate { get; init; }

    /// <summary>
    /// Success rate of what the advice would replace: the current model, or, when that is the recommended one, all other implementers of the segment.
    /// </summary>
    public required RateEstimate ReplacedSuccessRate { get; init; }

    /// <summary>Tasks of the segment.</summary>
    public required long SegmentTasks { get; init; }

    /// <summary>P(the recommended model's success rate is at least <see cref="ReplacedSuccessRate"/>), from independent Beta posteriors.</summary>
    public double ProbabilityNotWorse => BetaPosterior.ProbabilityNotWorse(
        BetaPosterior.Jeffreys(NewSuccessRate.Successes, NewSuccessRate.Trials),
        BetaPosterior.Jeffreys(ReplacedSuccessRate.Successes, ReplacedSuccessRate.Trials));

    /// <summary>True when either rate rests on thin evidence.</summary>
    public bool IsThin => NewSuccessRate.IsThin || ReplacedSuccessRate.IsThin;
}
