using System.Diagnostics;
using System.Globalization;
using Bandits.Storage;

namespace Bandits.Reliability.Kills;

/// <summary>Real processes on real files, killed without warning, and what the next process finds.</summary>
public static class KillSuite
{
    /// <summary>Writers that follow each other on one store; the ledger holds all that they decide.</summary>
    private const int LivesOfAStore = 10;
    private const int Threads = 3;
    private const int LongestMilliseconds = 150;

    /// <summary>Longest time of a life, its end and its audit.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);
    private static readonly Phase[] Phases = Enum.GetValues<Phase>();

    /// <summary>Kills the tier's number of writers for each durability.</summary>
    /// <exception cref="BrokenPromiseException">Something acknowledged is missing that must not be, or counts twice.</exception>
    public static SuiteReport Run(Tier tier, int seed)
    {
        var watch = Stopwatch.StartNew();
        var random = new Random(seed);
        var counts = new KillCounts();
        var missing = new List<(string, string)>();
        foreach (Durability durability in Enum.GetValues<Durability>())
        {
            counts.Missing = 0;
            for (int killed = 0; killed < tier.Kills;)
            {
                string directory = Directory.CreateTempSubdirectory("bandits-kill-").FullName;
                try
                {
                    var store = new KilledStore(directory, durability, (killed / LivesOfAStore + (int)durability) % 2 == 0 ? Strategy.Budgeted : Strategy.Learning, counts);
                    for (int life = 0; life < LivesOfAStore && killed < tier.Kills; life++, killed++)
                    {
                        Phase phase = Phases[(killed + (int)durability) % Phases.Length];
                        (int at, TimeSpan after) = (phase == Phase.NewJournal ? 1 : 1 + random.Next(4), TimeSpan.FromMilliseconds(random.Next(LongestMilliseconds)));
                        Patience.Try("A writer's life, or what follows it,", Longest, () => store.LiveAndDie(Threads, phase, at, after));
                    }
                }
                catch (BrokenPromiseException e)
                {
                    throw new BrokenPromiseException($"{durability}, writer {killed}, from --only kill --seed {seed.ToString(CultureInfo.InvariantCulture)}: {e.Message}", e);
                }
                finally
                {
                    Directory.Delete(directory, recursive: true);
                }
            }

            missing.Add(($"acknowledged since the last flush and lost under {durability}", SuiteReport.Text(counts.Missing)));
        }

        if (tier.Kills >= LivesOfAStore && counts.FromPrevious == 0) throw new BrokenPromiseException("No writer died between the renames of a snapshot: the kills show too little.");
        return new SuiteReport(
            "kill",
            "A writer that is killed (SIGKILL) at a random moment, or stopped before, between and after the two renames of a snapshot and in a new journal file: its lock is free, the next writer opens, everything acknowledged "
                + "before the last returned flush is counted once, under EachCommit everything acknowledged is, and re-recording all of it adds only what was missing.",
            "The system's cache survives a killed process: what a power failure takes is shown by the walks on a simulated disk.",
            [
                ("writers killed", SuiteReport.Text(counts.Writers)), ("outcomes acknowledged", SuiteReport.Text(counts.Acknowledged)), .. missing,
                ("opened from the previous snapshot", SuiteReport.Text(counts.FromPrevious)), ("journals with a torn tail", SuiteReport.Text(counts.TornTails)),
                ("added by re-recording", SuiteReport.Text(counts.Added)),
            ],
            watch.Elapsed);
    }
}
