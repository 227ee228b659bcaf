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
        router.AdvanceClock(Given.Ticks);
        Decision decision = router.Force(segment, 2);
        Assert.Equal(Given.Ticks, decision.TimeTicks);
        router.AdvanceClock(Given.Ticks + Minute);
        router.Record(decision, new Outcome { Kind = OutcomeKind.Unavailable, RetryAfter = TimeSpan.FromMinutes(2) });
        Assert.Equal(Ineligibility.RetryAfter, router.Explain(new Request(segment)).Arms[2].WhyNot);
        router.AdvanceClock(Given.Ticks + 2 * Minute + Minute / 2);
        Assert.Equal(Ineligibility.RetryAfter, router.Explain(new Request(segment)).Arms[2].WhyNot); // counted from when it was recorded
        router.AdvanceClock(Given.Ticks + 3 * Minute + 1);
        Assert.Equal(Ineligibility.None, router.Explain(new Request(segment)).Arms[2].WhyNot);
    }

    [Fact]
    public void A_request_s_own_time_wins_and_the_clock_never_goes_back()
    {
        BanditRouter router = Given.Router();
        SegmentKey segment = router.SegmentOf("planner");
        Assert.Equal(0, router.Force(segment, 0).TimeTicks);
        router.AdvanceClock(Given.Ticks);
        router.AdvanceClock(Given.Ticks - 1);
        Assert.Equal(Given.Ticks, router.Force(segment, 0).TimeTicks);
        Assert.Equal(Given.Ticks - 7, router.Force(segment, 0, Given.Ticks - 7).TimeTicks);
        Assert.Throws<ArgumentOutOfRangeException>(() => router.AdvanceClock(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => router.AdvanceClock(long.MaxValue));
    }

    [Fact]
    public void A_clock_decides_as_times_on_every_request_do()
    {
        BanditRouter clocked = Given.Router(), timed = Given.Router();
        SegmentKey segment = clocked.SegmentOf("planner"), same = timed.SegmentOf("planner");
        for (int i = 0; i < 1000; i++)
        {
            long now = Given.Ticks + i * TimeSpan.TicksPerSecond;
            clocked.AdvanceClock(now);
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
