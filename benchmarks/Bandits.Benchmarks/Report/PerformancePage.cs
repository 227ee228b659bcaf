using System.Globalization;
using Bandits.Benchmarks.Pairing;
using Bandits.Benchmarks.Rows;

namespace Bandits.Benchmarks.Report;

/// <summary>Writes <c>docs/performance.md</c>.</summary>
internal static class PerformancePage
{
    public static void Write(TextWriter to, Machine machine, DateTimeOffset now, Effort effort, IReadOnlyList<Finding> findings)
    {
        to.WriteLine("# Performance");
        to.WriteLine();
        to.WriteLine("Written by `benchmarks/Bandits.Benchmarks`; do not edit. To take the figures again, about five minutes on an idle machine:");
        to.WriteLine();
        to.WriteLine("```");
        to.WriteLine("dotnet run -c Release --project benchmarks/Bandits.Benchmarks -- --write docs/performance.md");
        to.WriteLine("```");
        to.WriteLine();
        if (effort.IsQuick)
        {
            to.WriteLine("**These are the figures of a `--quick` run: they show that everything runs, not how fast it is.**");
            to.WriteLine();
        }

        About(to, machine, now);
        Goals(to, findings);
        Times(to, findings);
        Method(to, effort);
        to.WriteLine("## Beside the original");
        to.WriteLine();
        to.WriteLine("The original is an orchestrator written in Python. Its figures were taken once, on the same kind of machine, and are quoted, not measured in this run.");
        to.WriteLine();
        Original.Write(to, findings);
        to.WriteLine();
        to.WriteLine("## Beside contextual libraries");
        to.WriteLine();
        to.WriteLine("Their figures were taken once, on the same kind of machine, and are quoted, not measured in this run.");
        to.WriteLine();
        ContextualPeers.Write(to, findings);
    }

    private static void About(TextWriter to, Machine machine, DateTimeOffset now)
    {
        to.WriteLine("| | |");
        to.WriteLine("|---|---|");
        to.WriteLine($"| processor | {machine.Processor}, {machine.Cores} cores; {(machine.IsPinned ? "pinned to one" : "not pinned: the platform does not allow it")} |");
        to.WriteLine($"| system | {machine.OperatingSystem} |");
        to.WriteLine($"| SDK, runtime | {machine.Sdk}, {machine.Runtime} |");
        to.WriteLine($"| commit | {machine.Commit} |");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| date | {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC |"));
        to.WriteLine();
    }

    private static void Goals(TextWriter to, IReadOnlyList<Finding> findings)
    {
        to.WriteLine("## Goals");
        to.WriteLine();
        to.WriteLine("| what | against | ratio | half of the pairs | 95 % interval | ours | baseline | bytes | goal | verdict |");
        to.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---|");
        foreach (Finding finding in findings)
        {
            if (!HasGoal(finding)) continue;
            string what = finding.Note is { } note ? $"{finding.Name}<br>{note}" : finding.Name;
            string ratio = finding.Ratio is { } r ? $"**{Figures.Ratio(r.Median)}**" : "";
            string half = finding.Ratio is { } q ? $"{Figures.Ratio(q.LowerQuartile)} to {Figures.Ratio(q.UpperQuartile)}" : "";
            string interval = finding.Ratio is { } i ? $"{Figures.Ratio(i.Low)} to {Figures.Ratio(i.High)}" : "";
            string ours = finding.Subject is { } s ? Figures.Time(s.Median) : "", baseline = finding.Baseline is { } b ? Figures.Time(b.Median) : "";
            string bytes = finding.Bytes is not { } each ? "" : finding.Subject is null ? Figures.Kept(each) : Figures.Bytes(each);
            to.WriteLine($"| {what} | {finding.Against} | {ratio} | {half} | {interval} | {ours} | {baseline} | {bytes} | {Figures.Goals(finding)} | {Figures.Verdict(finding)} |");
        }

        to.WriteLine();
    }

    private static void Times(TextWriter to, IReadOnlyList<Finding> findings)
    {
        to.WriteLine("## Times");
        to.WriteLine();
        to.WriteLine("Without a goal for the time; all of them shall allocate nothing.");
        to.WriteLine();
        to.WriteLine("| what | median | half of the runs | baseline | bytes |");
        to.WriteLine("|---|---:|---:|---:|---:|");
        foreach (Finding finding in findings)
        {
            if (HasGoal(finding) || finding.Subject is not { } time) continue;
            string half = $"{Figures.Time(time.LowerQuartile)} to {Figures.Time(time.UpperQuartile)}";
            string baseline = finding is { Baseline: { } b, Ratio: { } r } ? $"{Figures.Time(b.Median)} (ratio {Figures.Ratio(r.Median)})" : "";
            to.WriteLine($"| {finding.Name} | {Figures.Time(time.Median)} | {half} | {baseline} | {Figures.Bytes(finding.Bytes ?? 0)} |");
        }

        to.WriteLine();
    }

    private static void Method(TextWriter to, Effort effort)
    {
        to.WriteLine("## How ratios are taken");
        to.WriteLine();
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            - Ours and the baseline run in one process, in one thread on one core, in turns: a short run of one, a short run of the other, the order
              swapped from pair to pair. Whatever slows the machine down slows both. A ratio is the median over the pairs.
            - A baseline is the base class library or frozen code in `benchmarks/Bandits.Benchmarks/Baselines`, never the library itself; the queries
              alone are compared with themselves, over fewer records.
            - Before the first pair both sides run until the JIT has compiled nothing for {effort.QuietMilliseconds} ms, so that all of it is tier 1.
            - Up to {effort.MostPairs} pairs in each of {effort.SetUps} set-ups; every set-up lays out both sides in memory anew. Imports read {effort.ImportPairs} chunks of new records into
              one history, each chunk first written by the generator and then timed.
            - "Half of the pairs" is the range between the quartiles; the interval is the sign test's for the median. Both speak of this run, not of
              other machines.
            - Bytes are counted by the runtime for the measuring thread and are exact. The bytes that a history keeps are the live heap after a full
              collection. Only these decide the exit code; times never do.
            - Dictionaries are keyed by random numbers, their good case. Packed segment keys, whose halves the dictionary's hash folds together, would make the
              dictionary slow and the ratio look good; the segment row without a goal shows by how much.
            - The same operations as BenchmarkDotNet classes with its memory diagnoser: `dotnet run -c Release --project benchmarks/Bandits.Benchmarks -- --bdn --filter '*'`.
            """));
        to.WriteLine();
    }

    /// <summary>The rows with a goal other than "allocates nothing".</summary>
    private static bool HasGoal(Finding finding) => finding.RatioGoal is not null || finding.BytesGoal is { Bound: > 0 };
}
