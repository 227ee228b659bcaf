using System.CommandLine;
using Bandits.Cli.Rendering;
using Bandits.Rae;

namespace Bandits.Cli.Verbs;

/// <summary><c>rae statistics</c>: what all instances have observed together.</summary>
internal static class RaeStatisticsVerb
{
    public static Command Create()
    {
        var verb = new Command("statistics", "What all instances that export to the project have observed together, each once.");
        verb.AnswerWith((parsed, cancellationToken) => RaeServerChoices.TellAsync<Answer>(async () =>
        {
            using var client = new RaeClient(RaeServerChoices.Of(parsed));
            return new RaeStatisticsAnswer(await client.StatisticsAsync(cancellationToken));
        }));
        return verb;
    }
}
