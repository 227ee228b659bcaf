using System.CommandLine;
using Bandits.Cli.Rendering;

namespace Bandits.Cli.Verbs;

/// <summary><c>summary</c>: the whole history in a few numbers.</summary>
internal static class SummaryVerb
{
    public static Command Create() =>
        HistoryQuestion.Create("summary", "The whole history in a few numbers.", (_, history) => new SummaryAnswer(history.Analytics.Statistics()));
}
