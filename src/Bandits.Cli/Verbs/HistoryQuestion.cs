using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Cli.Stores;
using Bandits.History;

namespace Bandits.Cli.Verbs;

/// <summary>What the verbs that only ask the history share.</summary>
internal static class HistoryQuestion
{
    public static Argument<string> Area() => new("AREA") { Description = "Task area." };

    public static Argument<string> Risk() => new("RISK") { Description = "Task risk." };

    public static Command Create(string name, string description, Func<ParseResult, HistoryStore, Answer> ask)
    {
        var verb = new Command(name, description);
        verb.AnswerWith(parsed =>
        {
            using HistoryStore history = StoreDirectory.Of(parsed).ReadHistory();
            return ask(parsed, history);
        });
        return verb;
    }

    public static HistoryRole RoleOf(string? word) => Enum.Parse<HistoryRole>(word!, ignoreCase: true);
}
