using System.Diagnostics;

namespace Bandits.Benchmarks.Operations;

/// <summary>The same work on one thread and on two at once; only repetitions in which both really ran at the same time count.</summary>
internal sealed class TwoThreads(Func<int, long> work, int count)
{
    /// <summary>Pieces of a thread's work; one that takes much longer than the others was interrupted.</summary>
    private const int Pieces = 32;
    private const double MostSlowing = 3;
    private const double LeastOverlap = 0.95;

    /// <summary>Throughput of two threads over that of one; null when the repetition does not count.</summary>
    public double? Repeat()
    {
        var alone = new Timing();
        Run(0, alone, null);
        var (first, second) = (new Timing(), new Timing());
        using var barrier = new Barrier(2);
        var other = new Thread(() => Run(1, second, barrier));
        other.Start();
        Run(0, first, barrier);
        other.Join();
        long start = Math.Min(first.Start, second.Start), end = Math.Max(first.End, second.End);
        double overlap = (double)(Math.Min(first.End, second.End) - Math.Max(first.Start, second.Start)) / (end - start);
        if (overlap < LeastOverlap || alone.IsInterrupted || first.IsInterrupted || second.IsInterrupted) return null;
        return 2.0 * (alone.End - alone.Start) / (end - start);
    }

    private void Run(int thread, Timing timing, Barrier? barrier)
    {
        barrier?.SignalAndWait();
        timing.Start = Stopwatch.GetTimestamp();
        long before = timing.Start, sum = 0;
        for (int piece = 0; piece < Pieces; piece++)
        {
            for (int i = 0; i < count / Pieces; i++) sum += work(thread);
            long now = Stopwatch.GetTimestamp();
            (timing.Pieces[piece], before) = (now - before, now);
        }

        timing.End = before;
        Pairing.Sink.Take(sum);
    }

    private sealed class Timing
    {
        public readonly long[] Pieces = new long[TwoThreads.Pieces];
        public long Start;
        public long End;

        public bool IsInterrupted
        {
            get
            {
                var sorted = (long[])Pieces.Clone();
                Array.Sort(sorted);
                return sorted[^1] > MostSlowing * sorted[sorted.Length / 2];
            }
        }
    }
}
