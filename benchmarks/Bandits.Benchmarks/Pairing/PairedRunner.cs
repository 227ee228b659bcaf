using System.Diagnostics;

namespace Bandits.Benchmarks.Pairing;

/// <summary>Times ours and the baseline in turns, in one thread on one core, so that whatever slows the machine down slows both.</summary>
internal static class PairedRunner
{
    /// <param name="setUp">Lays the contest out in memory; called once per set-up.</param>
    /// <param name="effort">How much to spend.</param>
    /// <param name="exactPairs">Pairs to take in a single set-up, for contests that build something up; 0 leaves it to the effort.</param>
    public static PairedTiming Time(Func<Contest> setUp, Effort effort, int exactPairs = 0)
    {
        var subject = new List<double>();
        var baseline = new List<double>();
        var ratio = new List<double>();
        Contest contest = setUp();
        WarmUp.Of(contest, effort);
        int setUps = exactPairs > 0 ? 1 : effort.SetUps;
        int most = exactPairs > 0 ? exactPairs : effort.MostPairs, fewest = exactPairs > 0 ? exactPairs : effort.FewestPairs;
        for (int layout = 0; layout < setUps; layout++)
        {
            if (layout > 0 || exactPairs > 0)
            {
                contest = setUp();
                RunOnce(contest);
            }

            long start = Stopwatch.GetTimestamp();
            for (int pair = 0; pair < most; pair++)
            {
                if (pair >= fewest && Stopwatch.GetElapsedTime(start).TotalSeconds >= effort.SecondsPerSetUp) break;
                (double ours, double theirs) = Pair(contest, subjectFirst: (pair & 1) == 0);
                subject.Add(ours);
                if (contest.Baseline is null) continue;
                baseline.Add(theirs);
                ratio.Add(ours / theirs);
            }
        }

        return new PairedTiming
        {
            Subject = Spread.Of(subject.ToArray()),
            Baseline = baseline.Count > 0 ? Spread.Of(baseline.ToArray()) : null,
            Ratio = ratio.Count > 0 ? Spread.Of(ratio.ToArray()) : null,
            BytesPerOperation = Allocation.PerOperation(contest.Subject, exactPairs > 0 ? 1 : effort.AllocationRuns),
        };
    }

    private static (double Ours, double Theirs) Pair(Contest contest, bool subjectFirst)
    {
        contest.Subject.Prepare();
        contest.Baseline?.Prepare();
        if (contest.Baseline is null) return (NanosecondsEach(contest.Subject), 0);
        double ours = subjectFirst ? NanosecondsEach(contest.Subject) : 0;
        double theirs = NanosecondsEach(contest.Baseline);
        return (subjectFirst ? ours : NanosecondsEach(contest.Subject), theirs);
    }

    private static double NanosecondsEach(IOperation operation)
    {
        long start = Stopwatch.GetTimestamp();
        Sink.Take(operation.Run());
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / operation.Count;
    }

    /// <summary>First touch of fresh memory is not what is measured.</summary>
    private static void RunOnce(Contest contest)
    {
        contest.Subject.Prepare();
        contest.Baseline?.Prepare();
        Sink.Take(contest.Subject.Run());
        if (contest.Baseline is not null) Sink.Take(contest.Baseline.Run());
    }
}
