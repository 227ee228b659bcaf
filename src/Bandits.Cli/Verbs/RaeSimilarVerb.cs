using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Rae;

namespace Bandits.Cli.Verbs;

/// <summary><c>rae similar TEXT</c>: past tasks that are like a text.</summary>
internal static class RaeSimilarVerb
{
    public static Command Create()
    {
        var text = new Argument<string>("TEXT") { Description = "What to look for, 1 to 1,024 characters." };
        var top = new Option<int>("--top") { Description = "Most results, 1 to 100.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var verb = new Command("similar", "Past tasks in the server's memory that are like a text.") { text, top };
        verb.AnswerWith((parsed, cancellationToken) => RaeServerChoices.TellAsync<Answer>(async () =>
        {
            using var client = new RaeClient(RaeServerChoices.Of(parsed));
            return new RaeSimilarAnswer(await client.SimilarAsync(parsed.GetValue(text)!, parsed.GetValue(top), cancellationToken));
        }));
        return verb;
    }
}
