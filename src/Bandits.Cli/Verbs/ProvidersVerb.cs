using System.CommandLine;
using Bandits.Cli.Rendering;

namespace Bandits.Cli.Verbs;

/// <summary><c>providers</c>: how the providers compare.</summary>
internal static class ProvidersVerb
{
    public static Command Create() =>
        HistoryQuestion.Create("providers", "How the providers compare; a task counts once for each provider that had a part in it.", (_, history) =>
            new ProvidersAnswer(history.Analytics.Providers()));
}
