using System.Diagnostics;
using System.Globalization;
using Bandits.Storage;

namespace Bandits.Reliability.Soaks;

/// <summary>Soaks, one after another on a new store each, until the tier's time is over.</summary>
public static class SoakSuite
{
    private static readonly (Strategy Strategy, Durability Durability)[] Turns =
    [
        (Strategy.Budgeted, Durability.Interval), (Strategy.Learning, Durability.Interval), (Strategy.AdaptiveDrift, Durability.None), (Strategy.Adaptive, Durability.EachCommit), (Strategy.AdaptiveDrift, Durability.Interval),
        (Strategy.Learning, Durability.EachCommit), (Strategy.Adaptive, Durability.None),
    ];

    /// <summary>Longest time of one store: each kind has its turn.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(6);

    /// <summary>Longest time of one store with its audit and both readings.</summary>
    private static readonly TimeSpan LongestOfAll = TimeSpan.FromMinutes(5);

    /// <summary>Soaks for the tier's time.</summary>
    /// <exception cref="BrokenPromiseException">Something does not agree.</exception>
    public static SuiteReport Run(Tier tier, int seed)
    {
        var watch = Stopwatch.StartNew();
        long decisions = 0, reports = 0, readings = 0, snapshots = 0, bytes = 0, dropped = 0, restarts = 0, twice = 0;
        int turn = 0;
        for (; turn == 0 || watch.Elapsed < tier.Soak; turn++)
        {
            (Strategy strategy, Durability durability) = Turns[turn % Turns.Length];
            string directory = Directory.CreateTempSubdirectory("bandits-soak-").FullName;
            try
            {
                var soak = new Soak(directory, strategy, durability);
                TimeSpan most = TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Max(0.5, (tier.Soak - watch.Elapsed).TotalSeconds)));
                Patience.Try("A soak, or what follows it,", LongestOfAll, () => soak.Run(tier.SoakThreads, most, seed + 1000 * turn));
                (decisions, reports, readings, restarts) = (decisions + soak.Decisions, reports + soak.Reports, readings + soak.Readings, restarts + soak.Restarts);
                twice = Math.Max(twice, soak.ChargedTwice);
                (snapshots, bytes, dropped) = (snapshots + soak.Statistics.Snapshots, bytes + soak.Statistics.Appended, dropped + soak.Statistics.Dropped);
            }
            catch (Exception e)
            {
                Exception cause = (e as AggregateException)?.Flatten().InnerExceptions[0] ?? e;
                throw new BrokenPromiseException($"Store {turn} ({strategy}, {durability}), from --only soak --seed {seed.ToString(CultureInfo.InvariantCulture)}: {(cause is BrokenPromiseException ? cause.Message : cause)}", e);
            }
            finally
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        return new SuiteReport(
            "soak",
            $"{tier.SoakThreads} threads route, record whole, in parts, twice, corrected and late, while arms are added, cells restarted, decisions expired, evidence joined and snapshots saved: no reader sees an impossible cell; at rest every cell "
                + "is the sum of what the ledger holds, every parent the sum of its children; after everything was reported again the evidence is that of a serial account; and the store read again, from its snapshot or from the journal alone, has the same bits.",
            "A ledger that is never outgrown; an order of events that is the system's own, so a failure may not come again from its seed. Where decisions found no room in the journal, when a change was detected may differ after reading again; sums may not. What was decided under a budget in the moment of a snapshot may be charged once more after reading it.",
            [
                ("decisions", SuiteReport.Text(decisions)), ("reports", SuiteReport.Text(reports)), ("stores", SuiteReport.Text(turn)), ("snapshots", SuiteReport.Text(snapshots)), ("bytes of journal", SuiteReport.Text(bytes)),
                ("restarts", SuiteReport.Text(restarts)), ("rounds of the reader", SuiteReport.Text(readings)), ("entries dropped", SuiteReport.Text(dropped)),
                ("decisions charged once more by the budget's account after reading a snapshot, at most", SuiteReport.Text(twice)),
            ],
            watch.Elapsed);
    }
}
