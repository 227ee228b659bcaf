using System.CommandLine;
using Bandits.Cli.Rendering;

namespace Bandits.Cli.Verbs;

/// <summary><c>pattern AREA RISK</c>: how tasks of a kind go.</summary>
internal static class PatternVerb
{
    public static Command Create()
    {
        Argument<string> area = HistoryQuestion.Area(), risk = HistoryQuestion.Risk();
        Command verb = HistoryQuestion.Create("pattern", "How tasks of a kind go.", (parsed, history) =>
            new PatternAnswer($"{parsed.GetValue(area)}/{parsed.GetValue(risk)}",
                history.Analytics.TaskPattern(parsed.GetValue(area)!, parsed.GetValue(risk)!)));
        verb.Add(area);
        verb.Add(risk);
        return verb;
    }
}
