using System.Text.Json;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>A decision, with every arm's estimate if asked for.</summary>
internal sealed class RouteAnswer(Arm arm, Decision decision, string token, Explanation explanation, IReadOnlyList<string> dimensions, bool explains) : Answer
{
    private string Strategy => Layout.NameOf(explanation.Strategy);

    private double Confidence => explanation.Arms[decision.Arm].Confidence;

    private bool Explored => (decision.Traits & DecisionTraits.Explored) != 0;

    public override void WriteTable(IAnsiConsole console)
    {
        console.Pairs(
            ("arm", arm.Id),
            ("provider", arm.Provider),
            ("why", Reasons.For(decision, explanation)),
            ("estimated cost", Figures.Usd(decision.PredictedCostUsd)),
            ("confidence", $"{Figures.Number(Confidence, "0.000")} that it is not worse than the baseline's arm"),
            ("propensity", Figures.Number(decision.Propensity, "0.0000")),
            ("strategy", Strategy),
            ("explored", Explored ? "yes" : "no"));
        if (explains) WriteArms(console);
        console.Line();
        console.Line("decision (hand it back with: bandits record TOKEN --outcome success)");

        // Never wrapped: it is there to be copied.
        console.Profile.Out.Writer.WriteLine(token);
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.Field("model_id", arm.Id);
        json.Field("provider", arm.Provider);
        json.Field("rationale", Reasons.For(decision, explanation));
        json.Field("estimated_cost", decision.PredictedCostUsd);
        json.Field("confidence", Confidence);
        json.Field("propensity", decision.Propensity);
        json.Field("strategy", Strategy);
        json.Field("explored", Explored);
        json.Field("fallback", (decision.Traits & DecisionTraits.Fallback) != 0);
        json.Field("decision", token);
        if (explains) WriteArms(json);
        json.WriteEndObject();
    }

    private void WriteArms(IAnsiConsole console)
    {
        Objective objective = explanation.Objective;
        console.Line();
        string formula = $"{Figures.Usd(objective.ValueUsd)} x quality - {Figures.Number(objective.CostMultiplier)} x cost";
        console.Line($"{string.Join("/", explanation.Segment)}: utility = {formula}");
        console.Line($"exploring {Figures.Rate(explanation.ExplorationRate)}");
        Table table = Layout.Table("arm", ">n", ">quality", ">value", ">cost", ">utility", ">p");
        foreach (ArmExplanation a in explanation.Arms)
        {
            string marks = (a.IsBaseline ? " b" : "") + (a.WhyNot == Ineligibility.None ? "" : $" ({Reasons.Of(a.WhyNot)})");
            table.Row(
                Figures.Name(a.ArmId) + marks, Figures.Number(a.Samples, "0.#"),
                    $"{Figures.Number(a.QualityMean, "0.000")}±{Figures.Number(a.QualityDeviation, "0.000")}",
                Figures.Number(a.ValueUsd, "0.#####"), Figures.Number(a.CostTermUsd, "0.#####"), Figures.Number(a.UtilityUsd, "0.#####"),
                    Figures.Number(a.Probability, "0.000"));
        }

        console.Write(table);
        console.Line("value + cost (+ latency) = utility, USD; n counts borrowed outcomes too; b: the baseline's choice.");
    }

    private void WriteArms(Utf8JsonWriter json)
    {
        json.WriteStartObject("explanation");
        json.WriteStartObject("segment");
        for (int d = 0; d < dimensions.Count; d++) json.Field(dimensions[d], explanation.Segment[d]);
        json.WriteEndObject();
        json.Field("exploration_rate", explanation.ExplorationRate);
        json.Field("value_usd", explanation.Objective.ValueUsd);
        json.Field("cost_multiplier", explanation.Objective.CostMultiplier);
        json.WriteStartArray("arms");
        foreach (ArmExplanation a in explanation.Arms)
        {
            json.WriteStartObject();
            json.Field("model_id", a.ArmId);
            json.Field("eligible", a.WhyNot == Ineligibility.None);
            json.Field("why_not", a.WhyNot == Ineligibility.None ? null : Reasons.Of(a.WhyNot));
            json.Field("probability", a.Probability);
            json.Field("quality", a.QualityMean);
            json.Field("quality_deviation", a.QualityDeviation);
            json.Field("samples", a.Samples);
            json.Field("own_samples", a.OwnSamples);
            json.Field("availability", a.Availability);
            json.Field("cost", a.CostUsd);
            json.Field("latency_seconds", a.LatencySeconds);
            json.Field("value_term", a.ValueUsd);
            json.Field("cost_term", a.CostTermUsd);
            json.Field("latency_term", a.LatencyTermUsd);
            json.Field("utility", a.UtilityUsd);
            json.Field("utility_deviation", a.UtilityDeviationUsd);
            json.Field("confidence", a.Confidence);
            json.Field("exploited", a.IsExploited);
            json.Field("baseline", a.IsBaseline);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
