using System.Diagnostics;
using System.Globalization;

namespace Bandits.Reliability.Fuzzing;

/// <summary>Hostile inputs, most of them with valid checksums, to everything that reads what others may have written.</summary>
public static class FuzzSuite
{
    /// <summary>Longest time that one input may take: thousands of times what it takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly (int Share, Func<IFuzzTarget> Make)[] Targets = [(2, () => new TokenTarget()), (4, () => new SnapshotTarget()), (4, () => new JournalTarget())];

    /// <summary>Feeds the tier's number of inputs.</summary>
    /// <exception cref="BrokenPromiseException">A reader threw what it does not declare, took too long, or allocated too much; the message has the input.</exception>
    public static SuiteReport Run(Tier tier, int seed)
    {
        var watch = Stopwatch.StartNew();
        var figures = new List<(string, string)> { ("inputs", SuiteReport.Text(tier.Inputs)) };
        int shares = Targets.Sum(target => target.Share);
        foreach ((int share, Func<IFuzzTarget> make) in Targets)
        {
            var run = new FuzzRun(make(), tier.Inputs * share / shares, seed);
            run.Finish(Patience);
            figures.Add(($"inputs to the {run.Name} reader", SuiteReport.Text(run.Count)));
            figures.Add(($"of them refused or reported by the {run.Name} reader", SuiteReport.Text(run.Refused)));
            figures.Add(($"thousandths of the allowed allocation at most by the {run.Name} reader", SuiteReport.Text(run.MostThousandths)));
            figures.Add(($"longest input of the {run.Name} reader, milliseconds", run.Longest.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)));
        }

        return new SuiteReport(
            "fuzz",
            "Bits flipped, files cut and spliced, lengths and counts that lie, entries repeated, left out and exchanged, MessagePack with any number anywhere, nine in ten of them under valid checksums: the readers of snapshots, journals and tokens "
                + "throw only what they declare, end, allocate within their bound (snapshot with the router made from it: 256 times the input + 8 MiB, of that 4,096 cells of evidence; journal: 256 times the input + 16 MiB, the same cells and its buffers included; token: 1 KiB, once on a thread), and the router decides, records, expires and is saved afterwards.",
            "Inputs come from a few samples by blind changes, without coverage to steer by; no input is longer than a few times its sample. What a snapshot claims is only checked for being possible: one forged under a valid checksum with possible numbers is believed.",
            figures,
            watch.Elapsed);
    }
}
