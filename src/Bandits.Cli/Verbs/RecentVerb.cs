using System.CommandLine;
using Bandits.Cli.Rendering;

namespace Bandits.Cli.Verbs;

/// <summary><c>recent</c>: the newest records.</summary>
internal static class RecentVerb
{
    public static Command Create()
    {
        var count = new Option<int>("-n", "--count") { Description = "How many.", HelpName = "N", DefaultValueFactory = _ => 20 };
        Command verb = HistoryQuestion.Create("recent", "The newest records by start time, newest first.", (parsed, history) =>
        {
            int most = parsed.GetValue(count);
            if (most < 0) throw new UserErrorException($"-n is {most}; the allowed range is 0 or more.");
            return new RecentAnswer(history.Recent(most));
        });
        verb.Add(count);
        return verb;
    }
}
