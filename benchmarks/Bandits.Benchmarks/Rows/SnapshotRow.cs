using System.Diagnostics;
using System.Globalization;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Pairing;
using Bandits.Storage;
using Bandits.Storage.Files;
using MessagePack;

namespace Bandits.Benchmarks.Rows;

/// <summary>Saving a large router: how long it takes against MessagePack's own array formatter over the same words, and the longest that a recording thread was held up.</summary>
internal sealed class SnapshotRow : Row
{
    private const int Arms = 4;
    private const double MostPauseMilliseconds = 20;

    public override Finding Measure(Effort effort)
    {
        using var cores = OneCore.Unpin();
        int segments = effort.IsQuick ? 2_500 : 250_000, repetitions = effort.IsQuick ? 2 : 7;
        BanditRouter router = Filled(segments);
        long[] words = Words(router);
        GC.Collect(); // what has just been built is old from here on, as in a router that has run for a while
        GC.Collect();
        var ratios = new List<double>();
        var subject = new List<double>();
        var baseline = new List<double>();
        var pauses = new List<double>();
        for (int i = 0; i < repetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using (var buffer = new CountingWriter()) MessagePackSerializer.Serialize(buffer, words);
            double theirs = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            using var recorder = new Recorder(router);
            start = Stopwatch.GetTimestamp();
            new SnapshotFile("/none/router.snapshot", new NoFiles()).Save(router, static () => { });
            double ours = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            pauses.Add(recorder.Stop());
            subject.Add(ours / (segments * Arms));
            baseline.Add(theirs / (segments * Arms));
            ratios.Add(ours / theirs);
        }

        pauses.Sort();
        return new Finding
        {
            Name = Name,
            Against = "MessagePack's array formatter over the same 27 words a cell",
            Ratio = Spread.Of(ratios.ToArray()),
            RatioGoal = Goal.AtMost(3),
            Subject = Spread.Of(subject.ToArray()),
            Baseline = Spread.Of(baseline.ToArray()),
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"{segments * Arms:N0} cells; longest pause of a thread that recorded meanwhile, median of {repetitions}: {pauses[pauses.Count / 2]:0.0} ms, worst {pauses[^1]:0.0} ms (goal {MostPauseMilliseconds:0} ms: {(pauses[pauses.Count / 2] <= MostPauseMilliseconds ? "met" : "missed")})"),
        };
    }

    private static BanditRouter Filled(int segments)
    {
        var options = new RouterOptions { Dimensions = ["a", "b"], MaxSegments = 1 << 20, MaxValuesPerDimension = 4096 };
        for (int arm = 0; arm < Arms; arm++) options.Arms.Add(new Arm { Id = "arm-" + arm });
        var router = new BanditRouter(options);
        int wide = Math.Max(1, segments / 500);
        for (int s = 0; s < segments; s++)
        {
            SegmentKey segment = router.SegmentOf("a" + s % wide, "b" + s / wide);
            for (int arm = 0; arm < Arms; arm++)
            {
                router.TryDecide(new Request(segment) { ExcludedArms = Others[arm] }, out Decision decision);
                router.Record(decision, new Outcome { Kind = s % 3 == 0 ? OutcomeKind.Failed : OutcomeKind.Success, CostUsd = 0.001 * (s % 97), Latency = TimeSpan.FromMilliseconds(s % 900) });
            }
        }

        return router;
    }

    private static readonly int[][] Others = [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]];

    private static long[] Words(BanditRouter router)
    {
        IReadOnlyList<SegmentKey> segments = router.Segments();
        var words = new long[segments.Count * Arms * Evidence.WordCount];
        for (int s = 0; s < segments.Count; s++)
            for (int arm = 0; arm < Arms; arm++) router.EvidenceOf(segments[s], arm).CopyTo(words.AsSpan((s * Arms + arm) * Evidence.WordCount));
        return words;
    }

    /// <summary>Takes MessagePack's bytes as a file that keeps nothing would.</summary>
    private sealed class CountingWriter : System.Buffers.IBufferWriter<byte>, IDisposable
    {
        private readonly byte[] _buffer = new byte[1 << 20];
        private int _count;

        public void Advance(int count) => _count += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (_buffer.Length - _count < Math.Max(sizeHint, 16)) _count = 0;
            return _buffer.AsMemory(_count);
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public void Dispose()
        {
        }
    }

    /// <summary>A thread that routes and records without a break and knows its longest turn.</summary>
    private sealed class Recorder : IDisposable
    {
        private readonly Thread _thread;
        private volatile bool _isStopping;
        private long _longest;

        public Recorder(BanditRouter router)
        {
            IReadOnlyList<SegmentKey> segments = router.Segments();
            _thread = new Thread(() =>
            {
                var outcome = new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.01 };
                for (int i = 0; !_isStopping; i = (i + 7919) % segments.Count)
                {
                    router.TryDecide(new Request(segments[i]), out Decision decision);
                    long start = Stopwatch.GetTimestamp();
                    router.Record(decision, outcome);
                    _longest = Math.Max(_longest, Stopwatch.GetTimestamp() - start);
                }
            });
            _thread.Start();
        }

        /// <summary>Ends it; its longest recording, milliseconds.</summary>
        public double Stop()
        {
            _isStopping = true;
            _thread.Join();
            return 1000.0 * _longest / Stopwatch.Frequency;
        }

        public void Dispose() => Stop();
    }
}
