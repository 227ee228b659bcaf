using Bandits.Tests.Support;

namespace Bandits.Tests;

/// <summary>What a router counts of itself is what its callers did.</summary>
public sealed class TallyTests
{
    [Fact]
    public void Decisions_are_counted_by_arm_and_how_they_came_out()
    {
        BanditRouter router = Counting();
        SegmentKey segment = router.SegmentOf("implementer", "core", "low", "small");
        var expected = new Dictionary<(int, bool, bool), long>();
        double lowest = 1;
        for (int i = 0; i < 3000; i++)
        {
            Assert.True(router.TryDecide(new Request(segment), out Decision d));
            (int, bool, bool) key = (d.Arm, (d.Traits & DecisionTraits.Explored) != 0, (d.Traits & DecisionTraits.Fallback) != 0);
            expected[key] = expected.GetValueOrDefault(key) + 1;
            lowest = Math.Min(lowest, d.Propensity);
            router.Record(d, new Outcome { Kind = i % 3 == 0 ? OutcomeKind.Failed : OutcomeKind.Success });
        }

        RouterTally tally = router.Tally();
        Assert.Equal(expected, tally.Decisions.ToDictionary(d => (d.Arm, d.IsExplored, d.IsFallback), d => d.Count));
        Assert.All(tally.Decisions, d => Assert.Equal(Strategy.Learning, d.Strategy));
        Assert.True(expected.Count > 3);
        Assert.Equal(lowest, tally.LowestPropensity);
        Assert.Equal((1000L, 2000L), (Outcomes(tally, OutcomeKind.Failed), Outcomes(tally, OutcomeKind.Success)));
        Assert.Equal((0L, 0L), (router.CountPending(), tally.Undecided));
    }

    [Fact]
    public void Corrections_count_under_their_new_kind_and_take_their_cost_back()
    {
        BanditRouter router = Counting();
        SegmentKey segment = router.SegmentOf("planner");
        Decision decision = router.Force(segment, 2);
        Assert.Equal(1, router.CountPending());
        Assert.Equal(Recorded.Applied, router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.5 }));
        Assert.Equal(Recorded.AlreadyKnown, router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.5 }));
        Assert.Equal(Recorded.Corrected, router.Record(decision, new Outcome { Kind = OutcomeKind.Failed, CostUsd = 0.125, Revision = 1 }));
        RouterTally tally = router.Tally();
        Assert.Equal([new OutcomeTally(2, OutcomeKind.Success, 1), new OutcomeTally(2, OutcomeKind.Failed, 1)], tally.Outcomes);
        Assert.Equal([0, 0, 0.125, 0], tally.CostUsd);
        Assert.Equal(0, router.CountPending());
    }

    [Fact]
    public void Requests_without_an_eligible_arm_and_pending_decisions_are_counted()
    {
        BanditRouter router = Counting(o => o.LedgerCapacity = 16);
        SegmentKey segment = router.SegmentOf("planner");
        Assert.False(router.TryDecide(new Request(segment) { MaxCostUsd = 0 }, out _));
        Assert.Equal(1, router.Tally().Undecided);
        for (int i = 0; i < 40; i++) Assert.True(router.TryDecide(new Request(segment), out _));
        Assert.Equal(16, router.CountPending()); // the others have left the ledger
        Span<Decision> top = new Decision[2];
        Assert.Equal(2, router.DecideTop(new Request(segment), top));
        Assert.Equal(42, router.Tally().Decisions.Sum(d => d.Count));
    }

    [Fact]
    public void Nothing_is_lost_between_threads_that_come_and_go()
    {
        BanditRouter router = Counting(), other = Counting();
        SegmentKey segment = router.SegmentOf("planner");
        long read = 0;
        for (int round = 0; round < 8; round++)
        {
            var threads = new Thread[6];
            for (int t = 0; t < threads.Length; t++)
            {
                threads[t] = new Thread(() =>
                {
                    for (int i = 0; i < 500; i++)
                    {
                        Assert.True(router.TryDecide(new Request(segment), out Decision d));
                        router.Record(d, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.25 });
                        if (i % 5 == 0) other.TryDecide(new Request(other.SegmentOf("planner")), out _);
                    }
                });
                threads[t].Start();
            }

            while (threads.Any(thread => thread.IsAlive))
            {
                long now = router.Tally().Decisions.Sum(d => d.Count);
                Assert.True(now >= read, $"a counter went from {read} back to {now}");
                read = now;
            }
        }

        RouterTally tally = router.Tally();
        Assert.Equal(8 * 6 * 500, tally.Decisions.Sum(d => d.Count));
        Assert.Equal(8 * 6 * 500, Outcomes(tally, OutcomeKind.Success));
        Assert.Equal(8 * 6 * 500 * 0.25, tally.CostUsd.Sum(), 1e-9);
        Assert.Equal(8 * 6 * 100, other.Tally().Decisions.Sum(d => d.Count));
    }

    [Fact]
    public void Routers_that_are_gone_leave_nothing_behind_in_the_threads_that_used_them()
    {
        var gone = new WeakReference[200];
        for (int i = 0; i < gone.Length; i++) gone[i] = Use();
        for (int i = 0; i < 5; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        GC.KeepAlive(Use());
        Assert.InRange(gone.Count(reference => reference.IsAlive), 0, 2);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Use()
        {
            BanditRouter router = Counting(o => o.LedgerCapacity = 16);
            Assert.True(router.TryDecide(default, out _));
            return new WeakReference(router.TallySheets);
        }
    }

    [Fact]
    public void Nothing_is_counted_unless_it_is_asked_for()
    {
        BanditRouter router = Given.Router();
        Assert.True(router.TryDecide(default, out Decision decision));
        router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 1 });
        RouterTally tally = router.Tally();
        Assert.Equal((0, 0, 0.0), (tally.Decisions.Count, tally.Outcomes.Count, tally.CostUsd.Sum()));
        Assert.True(double.IsNaN(tally.LowestPropensity));
    }

    private static BanditRouter Counting(Action<RouterOptions>? configure = null)
    {
        BanditRouter router = Given.Router(configure);
        router.IsCounting = true;
        return router;
    }

    private static long Outcomes(RouterTally tally, OutcomeKind kind) => tally.Outcomes.Where(o => o.Kind == kind).Sum(o => o.Count);
}
