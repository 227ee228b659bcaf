namespace Bandits.Cli.Rendering;

/// <summary>Decisions and refusals in words.</summary>
internal static class Reasons
{
    /// <summary>Why the arm was chosen, in a sentence.</summary>
    public static string For(in Decision decision, Explanation explanation)
    {
        ArmExplanation arm = explanation.Arms[decision.Arm];
        int eligible = 0;
        foreach (ArmExplanation other in explanation.Arms)
            if (other.WhyNot == Ineligibility.None) eligible++;
        string quality = $"quality {Figures.Number(arm.QualityMean, "0.000")} +/- {Figures.Number(arm.QualityDeviation, "0.000")} from {Figures.Count(Math.Round(arm.Samples, 1))} outcomes";
        string cost = $"{Figures.Usd(arm.CostUsd)} expected";
        if ((decision.Traits & DecisionTraits.Explored) != 0)
            return $"explored: {Figures.Rate(explanation.ExplorationRate)} of decisions are spread evenly over the {eligible} eligible arms; {quality}, {cost}";
        if ((decision.Traits & DecisionTraits.FloorUnmet) != 0)
            return $"no arm surely clears the quality floor, so the baseline rule chose; {quality}, {cost}";
        if ((decision.Traits & DecisionTraits.Fallback) != 0)
            return $"belief is weak here, so the baseline rule stands in; {quality}, {cost}";
        if (eligible == 1) return $"the only eligible arm; {quality}, {cost}";
        return explanation.Strategy switch
        {
            Strategy.Baseline => $"the baseline rule's choice among {eligible} eligible arms; {quality}, {cost}",
            Strategy.Performance => $"highest expected quality among {eligible} eligible arms; {quality}, {cost}",
            Strategy.Cost => $"cheapest of {eligible} arm(s) that surely clear the quality floor; {quality}, {cost}",
            _ => $"highest expected utility, {Figures.Usd(arm.UtilityUsd)}, among {eligible} eligible arms; {quality}, {cost}",
        };
    }

    /// <summary>Why no arm could be chosen, arm by arm.</summary>
    public static string Of(Explanation explanation)
    {
        if (explanation.Arms.Count == 0) return "there is no arm at all.";
        return string.Join("; ", explanation.Arms.Select(arm => $"{arm.ArmId} ({Of(arm.WhyNot)})"));
    }

    /// <summary>The reasons in words.</summary>
    public static string Of(Ineligibility why)
    {
        var words = new List<string>();
        foreach (Ineligibility reason in Enum.GetValues<Ineligibility>())
        {
            if (reason == Ineligibility.None || (why & reason) == 0) continue;
            words.Add(reason switch
            {
                Ineligibility.Disabled => "disabled",
                Ineligibility.Retired => "retired",
                Ineligibility.MissingCapability => "lacks a capability",
                Ineligibility.ExcludedProvider => "provider excluded",
                Ineligibility.ExcludedArm => "excluded",
                Ineligibility.TooExpensive => "too expensive",
                Ineligibility.ContextTooSmall => "context too small or unknown",
                Ineligibility.RetryAfter => "asked to be left alone for now",
                Ineligibility.BelowQualityFloor => "below the quality floor",
                Ineligibility.NoArms => "there is no arm",
                Ineligibility.OverCap => "over a spend cap",
                Ineligibility.TooSlow => "too slow too often",
                _ => reason.ToString(),
            });
        }

        return string.Join(", ", words);
    }
}
