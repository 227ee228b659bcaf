using Bandits.Concurrency;
using Bandits.Statistics;
using Bandits.Storage;
using Bandits.Tests.Support;

namespace Bandits.Tests;

/// <summary>Arms that surely are too slow too often are left out, and nothing is lost on the way.</summary>
public sealed class LatencyLimitTests
{
    private static readonly LatencyLimit Limit = new() { Seconds = 10 };

    private static BanditRouter Router(int arms = 3, Action<RouterOptions>? also = null) => Given.Router(
        o =>
        {
            o.LatencyLimit = Limit;
            also?.Invoke(o);
        },
        Given.Twins(arms));

    private static Outcome Took(double seconds, OutcomeKind kind = OutcomeKind.Success) => new() { Kind = kind, Latency = TimeSpan.FromSeconds(seconds) };

    private static Ineligibility[] Why(BanditRouter router, SegmentKey segment) => [.. router.Explain(new Request(segment)).Arms.Select(arm => arm.WhyNot)];

    [Fact]
    public void An_arm_that_is_too_slow_too_often_is_left_out_and_an_untried_one_is_not()
    {
        BanditRouter router = Router();
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 0, Took(20), 10);
        router.Feed(segment, 1, Took(2), 10);
        Assert.Equal([Ineligibility.TooSlow, Ineligibility.None, Ineligibility.None], Why(router, segment));
        ArmExplanation[] arms = [.. router.Explain(new Request(segment)).Arms];
        Assert.Equal((1.0, 0.0, true, 0.0), (arms[0].ExceedingLatency, arms[1].ExceedingLatency, double.IsNaN(arms[2].ExceedingLatency), arms[0].Probability));
        for (int i = 0; i < 200; i++)
        {
            Assert.True(router.TryDecide(new Request(segment), out Decision decision));
            Assert.NotEqual(0, decision.Arm);
        }
    }

    [Fact]
    public void Few_outcomes_and_few_slow_ones_among_many_leave_an_arm_in()
    {
        BanditRouter router = Router();
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 0, Took(20), 4);
        router.Feed(segment, 1, Took(1), 97);
        router.Feed(segment, 1, Took(20), 3);
        Assert.Equal([Ineligibility.None, Ineligibility.None, Ineligibility.None], Why(router, segment));
        router.Feed(segment, 0, Took(20), 1);
        Assert.Equal(Ineligibility.TooSlow, Why(router, segment)[0]);
    }

    [Fact]
    public void Where_all_are_too_slow_the_one_of_the_least_tail_stays()
    {
        BanditRouter router = Router(2);
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 0, Took(20), 30);
        router.Feed(segment, 1, Took(20), 20);
        router.Feed(segment, 1, Took(1), 10);
        Assert.Equal([Ineligibility.TooSlow, Ineligibility.None], Why(router, segment));
        Assert.True(router.TryDecide(new Request(segment) { ExcludedArms = new[] { 1 } }, out Decision decision));
        Assert.Equal(0, decision.Arm);
    }

    [Fact]
    public void Timeouts_at_the_limit_count_as_longer()
    {
        BanditRouter router = Router(2, o => o.Dimensions = []);
        router.Feed(default, 0, Took(10, OutcomeKind.Timeout), 8);
        Assert.Equal(Ineligibility.TooSlow, Why(router, default)[0] & Ineligibility.TooSlow);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_segment_borrows_from_the_others_unless_pooling_is_off(bool pooling)
    {
        BanditRouter router = Router(2, o => (o.Pooling, o.ImmediateRollUp) = (pooling, true));
        foreach (string area in (string[])["a", "b", "c"]) router.Feed(router.SegmentOf("planner", area), 0, Took(20), 40);
        Assert.Equal(pooling ? Ineligibility.TooSlow : Ineligibility.None, Why(router, router.SegmentOf("planner", "new"))[0]);

        // What is borrowed counts for 20 outcomes; the segment's own soon outweigh it.
        router.Feed(router.SegmentOf("coder", "fast"), 0, Took(1), 1);
        SegmentKey own = router.SegmentOf("coder", "fast");
        router.Reconfigure(Options(o => (o.Pooling, o.ImmediateRollUp, o.LatencyLimit) = (pooling, true, Limit with { MostExceeding = 0.3 })));
        router.Feed(own, 0, Took(1), 100);
        double expected = pooling ? 20.0 / 121 : 0;
        Assert.Equal(expected, router.Explain(new Request(own)).Arms[0].ExceedingLatency, 1e-9);
        Assert.Equal(Ineligibility.None, Why(router, own)[0]);

        static RouterOptions Options(Action<RouterOptions> configure) => Given.Options(configure, Given.Twins(2));
    }

    [Fact]
    public void Corrections_take_back_what_was_counted_and_outcomes_before_there_was_a_limit_are_not()
    {
        BanditRouter router = Router(1, o => (o.ImmediateRollUp, o.LatencyLimit) = (true, null));
        SegmentKey segment = router.SegmentOf("planner");
        Decision early = router.Force(segment, 0);
        router.Record(early, Took(20));
        router.Reconfigure(Given.Options(o => (o.ImmediateRollUp, o.LatencyLimit) = (true, Limit), Given.Twins(1)));
        Assert.Equal(Recorded.Corrected, router.Record(early, Took(1) with { Revision = 1 }));
        Decision late = router.Force(segment, 0);
        router.Record(late, Took(20));
        router.Record(late, Took(20));
        Assert.Equal(2, CellOf(router, segment).Own.Count);
        router.Record(late, Took(1) with { Revision = 1 });
        LatencyHistogram expected = default;
        expected.Add(1_000_000, false, 2);
        Assert.Equal(expected.ToWords(), CellOf(router, segment).Own.ToWords());
        Assert.Equal(expected.ToWords(), router.Nodes[0].Latencies[0].Own.ToWords());
    }

    [Fact]
    public void A_restart_begins_the_latencies_anew_here_and_at_the_root()
    {
        BanditRouter router = Router(2);
        SegmentKey segment = router.SegmentOf("planner");
        Decision old = router.Force(segment, 0);
        router.Feed(segment, 0, Took(20), 33);
        router.Restart(segment, "arm-0");
        Assert.Equal([Ineligibility.None, Ineligibility.None], Why(router, segment));
        Assert.True(router.Nodes[0].Latencies[0].Own.IsEmpty);
        router.Record(old, Took(20));
        Assert.True(CellOf(router, segment).Own.IsEmpty);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_snapshot_brings_everything_back(bool immediate, bool hasLimit)
    {
        RouterOptions options = Given.Options(o => (o.ImmediateRollUp, o.LatencyLimit, o.Strategy) = (immediate, hasLimit ? Limit with { MostExceeding = 0.4 } : null, Strategy.AdaptiveDrift));
        var router = new BanditRouter(options);
        var traffic = new Traffic(17);
        traffic.Run(router, 3000);
        router.Restart(router.SegmentOf("v0", "v1", "v0", "v1"), "standard");
        traffic.Run(router, 20);
        RouterState state = RouterSnapshot.FromBytes(RouterSnapshot.ToBytes(router.CaptureState()));
        Assert.Equal(hasLimit, state.Segments.Any(segment => segment.Latencies.Length > 0));
        BanditRouter restored = BanditRouter.Restore(options, state, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        Assert.Equal(StateText.Of(router), StateText.Of(restored));
        Assert.Equal(router.Nodes[0].Latencies.Select(cell => cell.Own.ToWords()), restored.Nodes[0].Latencies.Select(cell => cell.Own.ToWords()));
        Traffic same = traffic.Fork();
        Assert.Equal(traffic.Run(router, 1000), same.Run(restored, 1000));
        Assert.Equal(StateText.Of(router), StateText.Of(restored));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_journal_brings_back_what_no_snapshot_holds(bool hasSnapshot)
    {
        string folder = Directory.CreateTempSubdirectory("bandits-latencies-").FullName;
        try
        {
            RouterOptions options = Given.Options(o => o.LatencyLimit = Limit);
            string told;
            using (RouterStore store = RouterStore.Open(folder, options))
            {
                var traffic = new Traffic(23, suppliesIds: false);
                traffic.Run(store.Router, 400);
                if (hasSnapshot) store.SaveSnapshot();
                traffic.Run(store.Router, 400);
                store.Router.Restart(store.Router.SegmentOf("v0", "v1", "v0", "v1"), "standard");
                traffic.Run(store.Router, 50);
                told = Latencies(store.Router);
            }

            if (!hasSnapshot)
                foreach (string path in Directory.GetFiles(folder, "router.snapshot*")) File.Delete(path);
            Assert.Equal(told, Latencies(RouterStore.Read(folder, options, out _)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static string Latencies(BanditRouter router) => System.Text.Json.JsonSerializer.Serialize(
            router.CaptureState().Segments.OrderBy(segment => (segment.Key, segment.IsConditional)).Select(segment => segment.Latencies).Append([.. router.Nodes[0].Latencies.Select(cell => cell.Own.ToWords())]));
    }

    [Fact]
    public void Impossible_latencies_are_dropped_and_reported()
    {
        BanditRouter router = Router(1);
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 0, Took(20), 10);
        RouterState state = router.CaptureState();
        state.Segments[0].Latencies[0][1] = -5;
        BanditRouter restored = BanditRouter.Restore(Given.Options(o => o.LatencyLimit = Limit, Given.Twins(1)), state, out IReadOnlyList<string> faults);
        Assert.Contains("Latencies of segment", Assert.Single(faults), StringComparison.Ordinal);
        Assert.True(restored.TryDecide(new Request(segment), out _));
    }

    [Fact]
    public async Task Threads_leave_the_root_with_the_sum_of_what_segments_have_carried()
    {
        BanditRouter router = Router(3, o => o.LedgerCapacity = 1 << 16);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() => new Traffic((ulong)thread, suppliesIds: false).Run(router, 3000))));
        for (int arm = 0; arm < 3; arm++)
        {
            LatencyHistogram sum = default;
            long timed = 0;
            foreach (Bandits.Segments.SegmentNode node in router.Nodes)
            {
                if (!node.Plan.IsLeaf || arm >= node.Latencies.Length) continue;
                sum.Add(node.Latencies[arm].Own);
                sum.Add(node.Latencies[arm].Waiting, -1);
                Assert.Equal(node.Own[arm].LatencyCount, node.Latencies[arm].Own.Count);
                timed += node.Latencies[arm].Own.Count;
            }

            Assert.True(timed > 100);
            Assert.Equal(sum.ToWords(), router.Nodes[0].Latencies[arm].Own.ToWords());
        }
    }

    [Fact]
    public void Deciding_and_recording_under_a_limit_allocate_nothing()
    {
        BanditRouter router = Router(3, o => (o.Strategy, o.ImmediateRollUp) = (Strategy.Balanced, true));
        SegmentKey segment = router.SegmentOf("planner");
        for (int i = 0; i < 3000; i++) Once(i);
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 500; i++) Once(i);
        }));

        void Once(int i)
        {
            router.TryDecide(new Request(segment), out Decision decision);
            router.Record(decision, Took(0.5 + i % 40));
        }
    }

    [Theory]
    [InlineData(0, 0.05, 0.9)]
    [InlineData(double.NaN, 0.05, 0.9)]
    [InlineData(4e7, 0.05, 0.9)]
    [InlineData(1, 0, 0.9)]
    [InlineData(1, 1, 0.9)]
    [InlineData(1, 0.05, 0.4)]
    [InlineData(1, 0.05, 1)]
    public void What_is_out_of_range_is_a_fault(double seconds, double most, double confidence) =>
        Assert.Contains("LatencyLimit.", Assert.Single(Given.Options(o => o.LatencyLimit = new LatencyLimit { Seconds = seconds, MostExceeding = most, Confidence = confidence }).Validate()), StringComparison.Ordinal);

    private static Bandits.Segments.LatencyCell CellOf(BanditRouter router, SegmentKey segment)
    {
        foreach (Bandits.Segments.SegmentNode node in router.Nodes)
            if (node.Plan.IsLeaf && node.Key == segment.Packed) return node.Latencies[0];
        throw new InvalidOperationException("There is no such segment.");
    }
}
