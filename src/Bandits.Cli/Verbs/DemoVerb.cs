using System.CommandLine;
using Bandits.Cli.Demo;
using Bandits.Cli.Rendering;

namespace Bandits.Cli.Verbs;

/// <summary><c>demo</c>: the main job on data that ships with the tool.</summary>
internal static class DemoVerb
{
    public static Command Create()
    {
        var verb = new Command("demo", "Replay real outcomes of real models through every strategy, then walk through a shipped history. Leaves nothing behind.");
        verb.AnswerWith(_ =>
        {
            ReplayReport replay = ReplayReport.Run();
            return new DemoAnswer(new ReplayAnswer(replay), HistoryWalk.Run(replay.Outcomes));
        });
        return verb;
    }
}
