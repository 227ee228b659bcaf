using Bandits.Benchmarks.Rows;

namespace Bandits.Benchmarks.Report;

/// <summary>The table as it grows in the terminal, one line a row.</summary>
internal static class TerminalTable
{
    public static void Open(TextWriter to) => to.WriteLine($"{"ratio",7}  {"goal",-14} {"verdict",-14} {"ours",10}  {"baseline",10}  {"bytes",8}  what");

    public static void Add(TextWriter to, Finding finding)
    {
        string ratio = finding.Ratio is { } r ? Figures.Ratio(r.Median) : "";
        string ours = finding.Subject is { } s ? Figures.Time(s.Median) : "", baseline = finding.Baseline is { } b ? Figures.Time(b.Median) : "";
        string bytes = finding.Bytes is { } each ? Figures.Bytes(each) : "";
        to.WriteLine($"{ratio,7}  {Figures.Goals(finding),-14} {Figures.Verdict(finding),-14} {ours,10}  {baseline,10}  {bytes,8}  {finding.Name}");
        if (finding.Note is { } note) to.WriteLine($"{"",74}{note}");
    }
}
