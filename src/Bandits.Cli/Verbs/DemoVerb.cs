using System.CommandLine;

namespace Bandits.Cli.Verbs;

internal static class DemoVerb
{
    public static Command Create() => new("demo", "");
}
