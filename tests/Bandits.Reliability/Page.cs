using System.Globalization;
using System.Text;
using Bandits.Benchmarks.Report;

namespace Bandits.Reliability;

/// <summary>The page that says what was tried and what was found.</summary>
internal static class Page
{
    public static string Of(Tier tier, int seed, Machine machine, IReadOnlyList<SuiteReport> reports)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Reliability

            Written by `tests/Bandits.Reliability`; do not edit. To try again:

            ```
            dotnet run -c Release --project tests/Bandits.Reliability -- {(tier == Tier.Long ? "--long " : "")}--seed {seed} --write docs/reliability.md
            ```

            Three sizes. This page is from the size "{tier.Name}".

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
            | commit | {machine.Commit} |
            | seed | {seed} |

            ## What is promised

            | durability | killed process | power failure |
            |---|---|---|
            | `EachCommit` | nothing acknowledged is lost | nothing acknowledged is lost |
            | `Interval` | nothing before the last returned `Flush`; after it at most what waited in the queue | nothing before the last flush, by interval or by call |
            | `None` | nothing before the last returned `Flush`; after it at most what waited in the queue | nothing before the last returned `Flush` |

            Whatever is lost can be recorded again: it then counts once, and what was not lost does not count again. A decision that was lost with its outcome is refused as `Lost`.

            """);
        foreach (SuiteReport report in reports)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {char.ToUpperInvariant(report.Name[0])}{report.Name[1..]}\n\nShows: {report.Shows}\n\nLeaves open: {report.Leaves}\n\n| what | count |\n|---|---:|\n");
            foreach ((string what, string figure) in report.Figures) text.Append(CultureInfo.InvariantCulture, $"| {what} | {figure} |\n");
            text.Append(CultureInfo.InvariantCulture, $"| seconds | {report.Took.TotalSeconds:0} |\n");
        }

        return text.ToString();
    }
}
