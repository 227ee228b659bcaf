using System.CommandLine;

namespace Bandits.Cli.Verbs;

/// <summary><c>rae</c>: the exchange with a RAE memory server.</summary>
internal static class RaeVerb
{
    public static Command Create()
    {
        var verb = new Command("rae", "Exchange what was learnt with a RAE memory server: it goes out as evidence, and what others have learnt comes in.")
        {
            RaePushVerb.Create(), RaePullVerb.Create(), RaeStatusVerb.Create(), RaeSimilarVerb.Create(), RaeStatisticsVerb.Create(),
        };
        RaeServerChoices.AddTo(verb);
        return verb;
    }
}
