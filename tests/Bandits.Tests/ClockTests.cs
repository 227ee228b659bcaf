using Bandits.Tests.Support;

namespace Bandits.Tests;

/// <summary>The coarse clock that an adapter advances stands in where requests and outcomes bring no time.</summary>
public sealed class ClockTests
{
    private static readonly long Minute = TimeSpan.TicksPerMinute;

    [Fact]
    public void An_arm_that_asked_to_be_left_alone_is_left_alone_without_anybody_giving_times()
    {
        BanditRouter router = Given.Router(o => o.Policy = Bandits.Policies.UniformPolicy.Instance);
        SegmentKey segment = router.SegmentOf("planner");
        router.SetClock(Given.Ticks);
        Decision decision = router.Force(segment, 2);
        Assert.Equal(Given.Ticks, decision.TimeTicks);
        router.SetClock(Given.Ticks + Minute);
        router.Record(decision, new Outcome { Kind = OutcomeKind.Unavailable, RetryAfter = TimeSpan.FromMinutes(2) });
        Assert.Equal(Ineligibility.RetryAfter, router.Explain(new Request(segment)).Arms[2].WhyNot);
        router.SetClock(Given.Ticks + 2 * Minute + Minute / 2);
        Assert.Equal(Ineligibility.RetryAfter, router.Explain(new Request(segment)).Arms[2].WhyNot); // counted from when it was recorded
        router.SetClock(Given.Ticks + 3 * Minute + 1);
        Assert.Equal(Ineligibility.None, router.Explain(new Request(segment)).Arms[2].WhyNot);
    }

    [Fact]
    public void A_request_s_own_time_wins_and_a_stopped_clock_leaves_availability_out_of_account()
    {
        BanditRouter router = Given.Router();
        SegmentKey segment = router.SegmentOf("planner");
        Assert.Equal(0, router.Force(segment, 0).TimeTicks);
        router.SetClock(Given.Ticks);
        Assert.Equal(Given.Ticks, router.Force(segment, 0).TimeTicks);
        Assert.Equal(Given.Ticks - 7, router.Force(segment, 0, Given.Ticks - 7).TimeTicks);
        router.Record(router.Force(segment, 2), new Outcome { Kind = OutcomeKind.Unavailable, RetryAfter = TimeSpan.FromSeconds(5) });
        Assert.Equal(Ineligibility.RetryAfter, router.Explain(new Request(segment)).Arms[2].WhyNot);
        router.SetClock(0);
        Assert.Equal(Ineligibility.None, router.Explain(new Request(segment)).Arms[2].WhyNot);
        Assert.Throws<ArgumentOutOfRangeException>(() => router.SetClock(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => router.SetClock(long.MaxValue));
    }

    [Fact]
    public void In_trouble_a_plan_holds_until_the_clock_moves_or_an_arm_refuses_and_decides_as_one_made_anew()
    {
        BanditRouter kept = Given.Router(), anew = Given.Router();
        SegmentKey segment = kept.SegmentOf("planner"), same = anew.SegmentOf("planner"), other = kept.SegmentOf("implementer");
        anew.SegmentOf("implementer");
        for (int i = 0; i < 3000; i++)
        {
            long now = Given.Ticks + i / 10 * TimeSpan.TicksPerSecond / 10;
            if (i % 10 == 0) kept.SetClock(now);
            Assert.True(kept.TryDecide(new Request(segment), out Decision a));
            Assert.True(anew.TryDecide(new Request(same) { TimeTicks = now }, out Decision b));
            Assert.Equal(a, b);
            if (i % 37 != 0) continue;

            // Trouble comes from another segment, so the plan of this one is not withdrawn by it.
            Decision x = kept.Force(other, i / 37 % 4), y = anew.Force(anew.SegmentOf("implementer"), i / 37 % 4, now);
            var outcome = new Outcome { Kind = OutcomeKind.Unavailable, RetryAfter = TimeSpan.FromMilliseconds(350) };
            kept.Record(x, outcome);
            anew.Record(y, outcome with { TimeTicks = now });
        }
    }

    [Fact]
    public void A_clock_decides_as_times_on_every_request_do()
    {
        BanditRouter clocked = Given.Router(), timed = Given.Router();
        SegmentKey segment = clocked.SegmentOf("planner"), same = timed.SegmentOf("planner");
        for (int i = 0; i < 1000; i++)
        {
            long now = Given.Ticks + i * TimeSpan.TicksPerSecond;
            clocked.SetClock(now);
            Assert.True(clocked.TryDecide(new Request(segment), out Decision a));
            Assert.True(timed.TryDecide(new Request(same) { TimeTicks = now }, out Decision b));
            Assert.Equal(a, b);
            OutcomeKind kind = i % 11 == 0 ? OutcomeKind.Unavailable : i % 13 == 0 ? OutcomeKind.Timeout : OutcomeKind.Success;
            TimeSpan? latency = kind == OutcomeKind.Timeout ? TimeSpan.FromSeconds(9) : null, after = kind == OutcomeKind.Unavailable ? TimeSpan.FromSeconds(5) : null;
            clocked.Record(a, new Outcome { Kind = kind, Latency = latency, RetryAfter = after });
            timed.Record(b, new Outcome { Kind = kind, Latency = latency, RetryAfter = after, TimeTicks = now });
        }
    }
}
