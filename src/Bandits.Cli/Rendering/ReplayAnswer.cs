using System.Text.Json;
using Bandits.Cli.Demo;
using Spectre.Console;

namespace Bandits.Cli.Rendering;

/// <summary>The strategies and the yardsticks side by side.</summary>
internal sealed class ReplayAnswer(ReplayReport report) : Answer
{
    public override void WriteTable(IAnsiConsole console)
    {
        ShippedOutcomes outcomes = report.Outcomes;
        console.Heading($"1. {Figures.Count(outcomes.Tasks.Count)} real prompts, every strategy, {ReplayReport.Seeds} random orders");
        console.Line("Each prompt was answered by all of these, so any choice can be scored:");
        for (int arm = 0; arm < outcomes.Arms.Count; arm++) console.Line($"  {Letter(arm)}  {outcomes.Arms[arm].Id}");
        console.Line("The router learns only from the arm it chose. Segments: the 9 task areas.");
        Table table = Layout.Table("", ">quality", ">$ a prompt", $">{Letters(outcomes.Arms.Count)}, %", ">utility, $", ">at equal spend");
        foreach (ReplayRow row in report.Rows)
        {
            string error = double.IsFinite(row.StandardError) ? $" ±{Figures.Number(row.StandardError, ".0000")}" : "       ";
            table.Row(
                row.Name, Figures.Number(row.Quality, "0.0000"), Figures.Number(row.CostUsd, "0.00000"),
                    string.Join(" ", row.Shares.Select(share => Figures.Number(share * 100, "0"))),
                Figures.Number(row.UtilityUsd, "0.0000"), Figures.Number(row.AboveMixing, "+.0000;-.0000;.0000") + error);
        }

        console.Write(table);
        console.Line($"utility: {Figures.Usd(report.ValueUsd)} x quality - cost, from weights 0.7 and 0.3 and a reference cost of {Figures.Usd(ReplayReport.ReferenceCostUsd)}:");
        console.Line("  a right answer is worth about a minute of the person who would repair it.");
        console.Line("at equal spend: quality minus what mixing single arms at random gives for the");
        console.Line("  same money; ± one standard error over the orders.");
        console.Line("baseline: a table written by hand, not tuned: A for everyday common sense, C");
        console.Line("  for maths and code, B for the rest.");
        console.Line("best single, best per area: by utility, known only in hindsight.");
        console.Line();
        console.Line(Verdict());
    }

    public override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.Field("tasks", report.Outcomes.Tasks.Count);
        json.Field("seeds", ReplayReport.Seeds);
        json.Field("reference_cost", ReplayReport.ReferenceCostUsd);
        json.Field("value_usd", report.ValueUsd);
        json.Field("arms", [.. report.Outcomes.Arms.Select(arm => arm.Id)]);
        json.WriteStartArray("rows");
        foreach (ReplayRow row in report.Rows)
        {
            json.WriteStartObject();
            json.Field("name", row.Name.Trim());
            json.Field("quality", row.Quality);
            json.Field("cost", row.CostUsd);
            json.WriteStartArray("shares");
            foreach (double share in row.Shares) json.WriteNumberValue(share);
            json.WriteEndArray();
            json.Field("utility", row.UtilityUsd);
            json.Field("quality_at_equal_spend", row.AboveMixing);
            json.Field("standard_error", row.StandardError);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Letter(int arm) => ((char)('A' + arm)).ToString();

    private static string Letters(int arms) => string.Join(" ", Enumerable.Range(0, arms).Select(Letter));

    /// <summary>Where learning stands against choosing blindly, and against what only hindsight knows.</summary>
    private string Verdict()
    {
        double learning = Utility("learning"), single = learning - Utility("best single");
        return $"Learning is worth {Figures.Usd(learning - Utility("baseline"))} a prompt more than the baseline, {Figures.Usd(learning - Utility("uniform"))} more than uniform,"
            + $" and {Figures.Usd(Math.Abs(single))} {(single < 0 ? "less" : "more")} than the best single arm, which only hindsight knows.";
    }

    private double Utility(string name) => report.Rows.First(row => row.Name == name).UtilityUsd;
}
