using System.Text.Json;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>How learning goes.</summary>
internal sealed class LearningAnswer(LearningSummary s, IReadOnlyList<OriginState> origins) : Answer
{
    private const int SegmentsShown = 8;

    public override void WriteTable(IAnsiConsole console)
    {
        console.Pairs(
            ("strategy", Layout.NameOf(s.Strategy)),
            ("decisions", Figures.Count(s.Decisions)),
            ("outcomes", $"{Figures.Count(s.Executions)} (a task of the history counts for each of its roles)"),
            ("mean quality", Figures.Rate(s.SuccessRate)),
            ("cost", Figures.Usd(s.TotalCostUsd)),
            ("exploring", Figures.Rate(s.ExplorationRate)),
            ("learnt from", string.Join(", ", ["own decisions", .. origins.Select(Named)])));
        if (s.Providers.Count > 0)
        {
            Table providers = Layout.Table("provider", ">outcomes", ">quality", ">cost a task", ">duration");
            foreach (ProviderSummary p in s.Providers)
                providers.Row(p.Provider, Figures.Count(p.Executions), Figures.Rate(p.SuccessRate), Figures.Usd(p.MeanCostUsd),
                    Figures.Seconds(p.MeanLatencySeconds));
            console.Write(providers);
        }

        foreach (SegmentExploration segment in s.Exploration.Take(SegmentsShown)) console.Line($"exploring {Figures.Rate(segment.Rate)} in {string.Join("/", segment.Segment)}");
        if (s.Exploration.Count > SegmentsShown) console.Line($"... and {s.Exploration.Count - SegmentsShown} more segments with a share of their own");
        if (s.Savings.Count == 0) return;
        Table savings = Layout.Table("segment", "now -> instead", ">saving", ">quality", ">confidence");
        savings.Columns[1].NoWrap();
        foreach (Saving saving in s.Savings)
        {
            savings.Row(
                string.Join("/\n", saving.Segment.Chunk(2).Select(two => string.Join("/", two))), $"{saving.CurrentArm}\n-> {saving.CheaperArm}",
                    Figures.Usd(saving.SavingUsd), Figures.Number(saving.QualityChange, "+0.000;-0.000"),
                Figures.Number(saving.Confidence, "0.00"));
        }

        console.Write(savings);
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.Field("strategy", Layout.NameOf(s.Strategy));
        json.Field("decisions", s.Decisions);
        json.Field("executions", s.Executions);
        json.Field("success_rate", s.SuccessRate);
        json.Field("total_cost", s.TotalCostUsd);
        json.Field("exploration_rate", s.ExplorationRate);
        json.WriteStartArray("origins");
        foreach (OriginState origin in origins)
        {
            json.WriteStartObject();
            json.Field("name", origin.Name);
            json.Field("sequence", origin.Sequence);
            json.Field("weight", origin.Weight);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("exploration");
        foreach (SegmentExploration segment in s.Exploration)
        {
            json.WriteStartObject();
            json.Field("segment", segment.Segment);
            json.Field("exploration_rate", segment.Rate);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("provider_comparison");
        foreach (ProviderSummary p in s.Providers)
        {
            json.WriteStartObject(p.Provider);
            json.Field("executions", p.Executions);
            json.Field("success_rate", p.SuccessRate);
            json.Field("avg_cost", p.MeanCostUsd);
            json.Field("avg_duration", p.MeanLatencySeconds);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("top_savings");
        foreach (Saving saving in s.Savings)
        {
            json.WriteStartObject();
            json.Field("segment", saving.Segment);
            json.Field("current_model", saving.CurrentArm);
            json.Field("recommended_model", saving.CheaperArm);
            json.Field("savings_per_task", saving.SavingUsd);
            json.Field("quality_change", saving.QualityChange);
            json.Field("confidence", saving.Confidence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Named(OriginState origin) =>
        $"{origin.Name} ({Figures.Count(origin.Sequence)} records, weight {Figures.Number(origin.Weight)})";
}
