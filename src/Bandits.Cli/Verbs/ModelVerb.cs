using System.CommandLine;
using Bandits.Cli.Rendering;

namespace Bandits.Cli.Verbs;

/// <summary><c>model ID</c>: how one model did.</summary>
internal static class ModelVerb
{
    public static Command Create()
    {
        var model = new Argument<string>("ID") { Description = "The model." };
        Option<string> role = CommonOptions.Choice("--role", "Role of the model; a task where it had both counts once in any.",
            ["any", "planner", "implementer"]);
        var minSamples = new Option<int>("--min-samples")
        {
            Description = "Tasks below which there is no answer.",
            HelpName = "N",
            DefaultValueFactory = _ => 5,
        };
        Command verb = HistoryQuestion.Create("model", "How one model did.", (parsed, history) => new ModelAnswer(
            parsed.GetValue(model)!,
            history.Analytics.ModelPerformance(parsed.GetValue(model)!, HistoryQuestion.RoleOf(parsed.GetValue(role)), parsed.GetValue(minSamples))));
        verb.Add(model);
        verb.Add(role);
        verb.Add(minSamples);
        return verb;
    }
}
