using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.History;

namespace Bandits.Cli.Verbs;

/// <summary><c>rankings AREA RISK</c>: the models of a kind of task, best first.</summary>
internal static class RankingsVerb
{
    public static Command Create()
    {
        Argument<string> area = HistoryQuestion.Area(), risk = HistoryQuestion.Risk();
        Option<string> role = CommonOptions.Choice("--role", "Role of the models.", ["implementer", "planner"]);
        Option<string> metric = CommonOptions.Choice("--metric", "What to rank by: highest success rate, lowest cost or lowest duration.",
            ["success_rate", "cost", "duration"]);
        var minSamples = new Option<int>("--min-samples") { Description = "Tasks a model needs to be ranked.", HelpName = "N", DefaultValueFactory = _ => 3 };
        Command verb = HistoryQuestion.Create("rankings", "The models of a kind of task, best first.", (parsed, history) =>
        {
            RankingMetric by = parsed.GetValue(metric) switch
            {
                "cost" => RankingMetric.Cost,
                "duration" => RankingMetric.Duration,
                _ => RankingMetric.SuccessRate,
            };
            return new RankingsAnswer(
                by, history.Analytics.Rank(parsed.GetValue(area)!, parsed.GetValue(risk)!, HistoryQuestion.RoleOf(parsed.GetValue(role)), by,
                    parsed.GetValue(minSamples)));
        });
        foreach (Argument<string> argument in (Argument<string>[])[area, risk]) verb.Add(argument);
        foreach (Option option in (Option[])[role, metric, minSamples]) verb.Add(option);
        return verb;
    }
}
