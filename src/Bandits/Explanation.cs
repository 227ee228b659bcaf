using System.Globalization;
using System.Text;

namespace Bandits;

/// <summary>Why a request would be decided as it would, arm by arm, in terms that add up. Text only on demand.</summary>
public sealed class Explanation
{
    internal Explanation(
        Strategy strategy, Objective objective, string[] segment, DecisionTraits traits, double explorationRate, IReadOnlyList<ArmExplanation> arms)
    {
        (Strategy, Objective, Segment, Traits) = (strategy, objective, segment, traits);
        (ExplorationRate, Arms) = (explorationRate, arms);
    }

    /// <summary>The strategy in force.</summary>
    public Strategy Strategy { get; }

    /// <summary>The objective in force.</summary>
    public Objective Objective { get; }

    /// <summary>Values of the segment, in the order of the dimensions.</summary>
    public IReadOnlyList<string> Segment { get; }

    /// <summary>Whether the baseline rule stands in for weak belief, the quality floor could not be met, or the safety gate holds an arm back or does not apply.</summary>
    public DecisionTraits Traits { get; }

    /// <summary>Share of decisions spread evenly over the eligible arms, in [0, 1]: the exploration rate, or what the exploration floor needs if that is more.</summary>
    public double ExplorationRate { get; }

    /// <summary>
    /// <see cref="ArmExplanation.Confidence"/> of the eligible arm of highest expected utility, the lowest where several share it; NaN when no arm is eligible.
    /// Computed when read.
    /// </summary>
    public double Confidence
    {
        get
        {
            ArmExplanation? favoured = null;
            double lowest = double.NaN;
            foreach (ArmExplanation arm in Arms)
            {
                bool isBetter = favoured is null || arm.UtilityUsd > favoured.UtilityUsd;
                if (arm.WhyNot != Ineligibility.None || (!isBetter && arm.UtilityUsd < favoured!.UtilityUsd)) continue;
                if (!isBetter && arm.IsBaseline == favoured!.IsBaseline && arm.Belief.IsLike(favoured.Belief)) continue;
                lowest = isBetter ? arm.Confidence : Math.Min(lowest, arm.Confidence);
                favoured = arm;
            }

            return lowest;
        }
    }

    /// <summary>Every arm, by dense index.</summary>
    public IReadOnlyList<ArmExplanation> Arms { get; }

    /// <summary>A table of the arms, one line each.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        CultureInfo culture = CultureInfo.InvariantCulture;
        text.Append(culture, $"{Strategy} for {string.Join("/", Segment)}: exploration {ExplorationRate:P1}, confidence {Confidence:F3}");
        if (Traits != DecisionTraits.None) text.Append(culture, $", {Traits}");
        text.AppendLine();
        foreach (ArmExplanation arm in Arms)
        {
            text.Append(culture, $"  {arm.ArmId}: p={arm.Probability:F4}  q={arm.QualityMean:F4}±{arm.QualityDeviation:F4} (n={arm.Samples:F1})");
            text.Append(culture, $"  u={arm.ValueUsd:F6}{Term(arm.CostTermUsd)}{Term(arm.LatencyTermUsd)}={arm.UtilityUsd:F6} USD");
            if (arm.WhyNot != Ineligibility.None) text.Append(culture, $"  not eligible: {arm.WhyNot}");
            text.AppendLine();
        }

        return text.ToString();

        string Term(double usd) => string.Create(culture, $" {(usd < 0 ? '-' : '+')} {Math.Abs(usd):F6}");
    }
}

/// <summary>One arm of an <see cref="Explanation"/>: <c>UtilityUsd = ValueUsd + CostTermUsd + LatencyTermUsd</c>.</summary>
public sealed record ArmExplanation
{
    /// <summary>Id of the arm.</summary>
    public required string ArmId { get; init; }

    /// <summary>Why it may not be chosen; <see cref="Ineligibility.None"/> when it may.</summary>
    public Ineligibility WhyNot { get; init; }

    /// <summary>Probability of being chosen; exactly 0 when not eligible, NaN when the policy cannot say.</summary>
    public double Probability { get; init; }

    /// <summary>Posterior mean of quality.</summary>
    public double QualityMean { get; init; }

    /// <summary>Posterior standard deviation of quality.</summary>
    public double QualityDeviation { get; init; }

    /// <summary>Effective sample size, own plus borrowed.</summary>
    public double Samples { get; init; }

    /// <summary>Outcomes of this segment's own.</summary>
    public double OwnSamples { get; init; }

    /// <summary>P(available).</summary>
    public double Availability { get; init; }

    /// <summary>Expected cost, USD.</summary>
    public double CostUsd { get; init; }

    /// <summary>Expected latency, seconds.</summary>
    public double LatencySeconds { get; init; }

    /// <summary>Estimate of P(latency > limit) under a <see cref="RouterOptions.LatencyLimit"/>, in [0, 1]; NaN without one, and while no latency is known.</summary>
    public double ExceedingLatency { get; init; } = double.NaN;

    /// <summary>V P(available) E[q], USD.</summary>
    public double ValueUsd { get; init; }

    /// <summary>-c E[cost], USD.</summary>
    public double CostTermUsd { get; init; }

    /// <summary>-tau E[latency], USD.</summary>
    public double LatencyTermUsd { get; init; }

    /// <summary>Expected utility, USD: the sum of the three terms.</summary>
    public double UtilityUsd { get; init; }

    /// <summary>Posterior standard deviation of utility, USD.</summary>
    public double UtilityDeviationUsd { get; init; }

    /// <summary>P(utility of this arm is not below that of the baseline's arm); 1 for the baseline's own, 0 when not eligible. Computed when read.</summary>
    public double Confidence => WhyNot != Ineligibility.None ? 0 : IsBaseline ? 1 : Statistics.Confidence.Of(Belief, BaselineBelief);

    internal Belief Belief { get; init; }

    internal Belief BaselineBelief { get; init; }

    /// <summary>Whether the exploiting part of the probabilities can choose it.</summary>
    public bool IsExploited { get; init; }

    /// <summary>Whether the baseline rule would choose it.</summary>
    public bool IsBaseline { get; init; }
}
