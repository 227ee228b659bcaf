using System.Globalization;
using Bandits.Benchmarks.Rows;

namespace Bandits.Benchmarks.Report;

/// <summary>The figures of the original, an orchestrator in Python, beside ours.</summary>
/// <remarks>The original's figures were taken once on the same kind of machine and are quoted, not measured here.</remarks>
internal static class Original
{
    public static void Write(TextWriter to, IReadOnlyList<Finding> findings)
    {
        string Ours(string name, Func<Finding, string> figure)
        {
            foreach (Finding finding in findings)
                if (finding.Name == name) return figure(finding);
            return "not measured in this run";
        }

        static string Median(Finding finding) => Figures.Time(finding.Subject!.Median);
        string kept = Ours(RowNames.RouteKept, Median), anew = Ours(RowNames.RouteAnew, Median);
        string decision = $"{kept}; {anew} right after an outcome; the same at any length of history";
        string savings = Ours(RowNames.Savings, static f => $"{Median(f)} ({f.Against![(f.Against!.IndexOf("here", StringComparison.Ordinal) + 5)..]} records)");
        string loading = Ours(RowNames.Import, static f => f.Note!.Split(';')[0]);
        string memory = Ours(RowNames.KeptBytes, static f => string.Create(CultureInfo.InvariantCulture, $"{f.Bytes:0.0} B at most"));
        to.WriteLine("| what | original (Python) | Bandits |");
        to.WriteLine("|---|---:|---:|");
        to.WriteLine($"| one learning decision, 1,000 records of history | 0.15 ms | {decision} |");
        to.WriteLine("| one learning decision, 10,000 records | 2.8 ms | as above |");
        to.WriteLine("| one learning decision, 100,000 records | 35 ms | as above |");
        to.WriteLine($"| savings opportunities over 100,000 records | 1.47 s | {savings} |");
        to.WriteLine($"| loading a log | 50,000 to 97,000 records/s, 31 to 62 MB/s | {loading} |");
        to.WriteLine($"| memory per record | 1.33 KB | {memory} |");
        to.WriteLine("| one torn line in the log | silently drops everything after it | is rejected with its line number; the import goes on |");
    }
}
