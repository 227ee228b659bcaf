using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;

namespace Bandits.Cli.Verbs;

/// <summary><c>learning</c>: what the router has learnt.</summary>
internal static class LearningVerb
{
    private static readonly RoutingChoices Choices = new();

    public static Command Create()
    {
        var top = new Option<int>("--top") { Description = "Savings to show.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var verb = new Command("learning", "What the router has learnt, from its own decisions and from the history.") { top };
        Choices.AddTo(verb);
        verb.AnswerWith(parsed =>
        {
            BanditRouter router = StoredRouter.Read(StoreDirectory.Of(parsed), Choices.ToOptions(parsed), Choices.HistoryWeight(parsed));
            return new LearningAnswer(router.Summarize(parsed.GetValue(top)), router.Origins);
        });
        return verb;
    }
}
