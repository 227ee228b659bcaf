using System.Text.RegularExpressions;
using Bandits.Tests;
using Bandits.Tests.Docs;

namespace Bandits.Integration.Tests;

/// <summary>Commands that a page shows exist.</summary>
public sealed partial class PageTests
{
    [Fact]
    public void Every_verb_that_a_page_shows_is_known()
    {
        using var command = new CommandLine();
        HashSet<string> verbs = Verbs(command.Run("--help").Ok().Output), store = Verbs(command.Run("store", "--help").Ok().Output);
        Assert.Superset(new HashSet<string> { "import", "route", "record", "store", "demo" }, verbs);
        Assert.Superset(new HashSet<string> { "verify", "join" }, store);

        (string Where, string Verb, string Then)[] shown = [.. Pages.All.SelectMany(Shown)];
        Assert.Superset(new HashSet<string> { "README.md", "src/Bandits.Cli/README.md" }, shown.Select(s => s.Where.Split(':')[0]).ToHashSet());
        Assert.DoesNotContain(shown, s => !verbs.Contains(s.Verb) || s.Verb == "store" && !store.Contains(s.Then));
    }

    [Fact]
    public void Every_project_that_a_page_runs_is_there()
    {
        (string Where, string Project)[] run = [.. Pages.All.SelectMany(page => Project().Matches(page.Text).Select(m => (page.Path, m.Groups[1].Value)))];
        Assert.Contains(("README.md", "src/Bandits.Cli"), run);
        Assert.DoesNotContain(run, r => !Path.Exists(Path.Combine(Repository.Root, r.Project)));
    }

    /// <summary>In blocks, a line that begins with the command, a prompt before it or not; in text, code that begins with it. Not where a placeholder stands for the verb.</summary>
    private static IEnumerable<(string Where, string Verb, string Then)> Shown((string Path, string Text) page)
    {
        string[] lines = page.Text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
            foreach (Match match in Command().Matches(lines[i]))
                yield return ($"{page.Path}:{i + 1}", match.Groups["verb"].Value, match.Groups["then"].Value);
    }

    private static HashSet<string> Verbs(string help) =>
        [.. help[help.IndexOf("Commands:", StringComparison.Ordinal)..].Split('\n').Skip(1).Select(line => Verb().Match(line)).Where(m => m.Success).Select(m => m.Groups[1].Value)];

    [GeneratedRegex(@"(?:^ *(?:\$ )?bandits|`bandits|--project src/Bandits\.Cli --) +(?<verb>[a-z][a-z-]*)(?: +(?<then>[a-z-]+))?")]
    private static partial Regex Command();

    [GeneratedRegex(@"(?:--project|dotnet test|dotnet pack) +((?:src|tests|benchmarks|samples)/[\w./-]*\w)")]
    private static partial Regex Project();

    [GeneratedRegex(@"^  ([a-z]+)\b")]
    private static partial Regex Verb();
}
