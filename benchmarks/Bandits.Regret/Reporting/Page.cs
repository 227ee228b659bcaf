using Bandits.Regret.Environments;
using Bandits.Regret.Policies;
using Bandits.Regret.Running;

namespace Bandits.Regret.Reporting;

/// <summary>Writes <c>docs/regret.md</c>. Nothing in it depends on the machine or the day, so a changed line is a changed figure.</summary>
internal static class Page
{
    /// <summary>Writes the page; <paramref name="pictures"/> names the folder of the pictures as seen from it, and their names by study.</summary>
    public static void Write(TextWriter to, RunOptions options, IReadOnlyList<Study> studies, IReadOnlyList<string> skipped, string folder,
        IReadOnlyList<string> pictures)
    {
        to.WriteLine("# Regret");
        to.WriteLine();
        to.WriteLine("Written by `benchmarks/Bandits.Regret`; do not edit. To take the figures again, bit for bit, whatever the number of threads:");
        to.WriteLine();
        to.WriteLine("```");
        to.WriteLine($"dotnet run -c Release --project benchmarks/Bandits.Regret -- {options.CommandLine}");
        to.WriteLine("```");
        to.WriteLine();
        if (options.IsQuick)
        {
            to.WriteLine("**These are the figures of a `--quick` run: 30 seeds show that everything runs, not which policy is better.**");
            to.WriteLine();
        }

        About(to);
        Goals(to, studies);
        for (int i = 0; i < studies.Count; i++) Describe(to, studies[i], $"{folder}/{pictures[i]}.svg");
        foreach (string note in skipped) to.WriteLine($"Not played: {note}");
        if (skipped.Count > 0) to.WriteLine();
        Book(to, studies);
        to.WriteLine("## The language of environments");
        to.WriteLine();
        to.WriteLine("```");
        to.WriteLine(EnvironmentGrammar.Text);
        to.WriteLine("```");
    }

    private static void About(TextWriter to) => to.WriteLine("""
        Every figure is the mean over seeds of the cumulative *pseudo*-regret, the sum over rounds of (mean utility of the best arm present - mean utility of
        the arm chosen), ± its standard error. The policies decide inside the real `BanditRouter`: `TryDecide`, then `Record`, prior Beta(1, 1), no fallback to
        a baseline, and no pooling unless the name says `/pooled`. Rewards come from a stream keyed by (seed, round, arm), so all policies of a seed meet the
        same rewards and differences are paired; a paired difference is to a policy named beforehand, not to the best of many. Where there is a *reference*, it
        was measured with textbook implementations; "in errors" is ours minus the reference in combined standard errors (in ours alone where the reference
        gives none): beyond ±3 more often than once in twenty is a disagreement. `C ln T` is the bound of Lai and Robbins (1985), asymptotic: good policies sit
        below it at this horizon. `oracle-restart-...` is told the true breaks: a yardstick, not a policy.

        """);

    private static void Goals(TextWriter to, IReadOnlyList<Study> studies)
    {
        Goal[] goals = [.. Goal.Of(studies)];
        if (goals.Length == 0) return;
        to.WriteLine("## Goals");
        to.WriteLine();
        to.WriteLine("| environment | goal | met |");
        to.WriteLine("|---|---|---|");
        foreach (Goal goal in goals) to.WriteLine($"| {goal.Environment} | {goal.Claim} | {(goal.IsMet ? "yes" : "**no**")} |");
        to.WriteLine();
    }

    private static void Describe(TextWriter to, Study study, string picture)
    {
        NamedEnvironment? named = NamedEnvironments.Find(study.Instance.Name);
        to.WriteLine($"## {(named is null ? $"`{study.Instance.Name}`" : $"{named.Name}: {named.About}")}");
        to.WriteLine();
        string line = $"T = {Numbers.Count(study.Instance.Horizon)}";
        if (named is not null) line = $"`{named.Text}`, {line}";
        if (study.Instance.LaiRobbins is { } c) line += $", C ln T = {Numbers.Short(c)} ln T = {Numbers.Short(c * Math.Log(study.Instance.Horizon))}";
        to.WriteLine(line + ".");
        to.WriteLine();
        string[] header = TableReport.Header(study);
        to.WriteLine($"| {string.Join(" | ", header)} |");
        to.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", header.Length - 1))}");
        foreach (string[] row in TableReport.Rows(study)) to.WriteLine($"| {string.Join(" | ", row)} |");
        to.WriteLine();
        to.WriteLine($"![Regret curves of {study.Instance.Name.Replace("]", "", StringComparison.Ordinal)}]({picture})");
        to.WriteLine();
    }

    private static void Book(TextWriter to, IReadOnlyList<Study> studies)
    {
        to.WriteLine("## The policies");
        to.WriteLine();
        to.WriteLine("| name | setting |");
        to.WriteLine("|---|---|");
        foreach (PolicyEntry entry in PolicyBook.Entries)
            if (studies.Any(study => study.Findings.Any(f => f.Policy.Name.Split('/')[0] == entry.Name))) to.WriteLine($"| `{entry.Name}` | {entry.About} |");
        to.WriteLine();
        to.WriteLine("`NAME/pooled` lets segments borrow from each other; `NAME/floor=SHARE` spreads that share of the decisions evenly over all arms.");
        to.WriteLine();
    }
}
