using System.Globalization;
using System.Text;
using Bandits.Benchmarks.Report;

namespace Bandits.Reliability;

/// <summary>The page that says what was tried and what was found.</summary>
internal static class Page
{
    /// <summary>The page of these reports; suites that were not run keep their sections of a former page of the same size.</summary>
    public static string Of(Tier tier, int seed, Machine machine, IReadOnlyList<string> suites, IReadOnlyList<SuiteReport> reports, string? former)
    {
        var text = new StringBuilder();
        string size = $"This page is from the size \"{tier.Name}\".";
        text.Append(CultureInfo.InvariantCulture, $"""
            # Reliability

            Written by `tests/Bandits.Reliability`; do not edit. To try again:

            ```
            dotnet run -c Release --project tests/Bandits.Reliability -- {(tier == Tier.Long ? "--long " : "")}--seed {seed} --write docs/reliability.md
            ```

            Three sizes. {size} Suites may be run one by one (`--only`); each section says what it was taken of.

            | size | when | command | takes |
            |---|---|---|---|
            | {Tier.Test.Name} | with the other tests | `dotnet test` | a few seconds of each suite |
            | {Tier.Push.Name} | at every push, as a step of `.ci/run` | `dotnet run -c Release --project tests/Bandits.Reliability` | about two minutes |
            | {Tier.Long.Name} | by hand | `dotnet run -c Release --project tests/Bandits.Reliability -- --long` | about half an hour |

            A walk that breaks a promise is made as short as it goes and printed; `--again FILE` takes it a hundred times. A hostile input is printed as base 64.

            | | |
            |---|---|
            | processor | {machine.Processor}, {machine.Cores} cores |
            | system | {machine.OperatingSystem} |
            | SDK, runtime | {machine.Sdk}, {machine.Runtime} |

            ## What is promised

            | durability | killed process | power failure |
            |---|---|---|
            | `EachCommit` | nothing acknowledged is lost | nothing acknowledged is lost |
            | `Interval` | nothing before the last returned `Flush`; after it at most what waited in the queue | nothing before the last flush, by interval or by call |
            | `None` | nothing before the last returned `Flush`; after it at most what waited in the queue | nothing before the last returned `Flush` |

            Whatever is lost can be recorded again: it then counts once, and what was not lost does not count again. A decision that was lost with its outcome is refused as `Lost`.

            """);
        foreach (string suite in suites)
        {
            if (reports.FirstOrDefault(report => report.Name == suite) is { } report) Append(text, report, machine, seed);
            else if (former is not null && former.Contains(size, StringComparison.Ordinal)) text.Append(SectionOf(former, suite));
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, SuiteReport report, Machine machine, int seed)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{Heading(report.Name)}\n\nShows: {report.Shows}\n\nLeaves open: {report.Leaves}\n\n| what | count |\n|---|---:|\n");
        foreach ((string what, string figure) in report.Figures) text.Append(CultureInfo.InvariantCulture, $"| {what} | {figure} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| seconds | {report.Took.TotalSeconds:0} |\n| commit | {machine.Commit} |\n| seed | {seed} |\n");
    }

    private static string Heading(string suite) => $"## {char.ToUpperInvariant(suite[0])}{suite[1..]}";

    /// <summary>The section of a suite with the empty line before it; empty where there is none.</summary>
    private static string SectionOf(string page, string suite)
    {
        int from = page.IndexOf($"\n{Heading(suite)}\n", StringComparison.Ordinal);
        if (from < 0) return "";
        int to = page.IndexOf("\n## ", from + 1, StringComparison.Ordinal);
        return to < 0 ? page[from..] : page[from..to];
    }
}
