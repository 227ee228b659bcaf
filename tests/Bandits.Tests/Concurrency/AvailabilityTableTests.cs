using Bandits.Concurrency;
using Bandits.Tests.Support;

namespace Bandits.Tests.Concurrency;

public sealed class AvailabilityTableTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    [Fact]
    public void An_untroubled_table_costs_one_read_and_says_available()
    {
        var table = new AvailabilityTable(30);
        table.Up(3, Given.Ticks);
        Assert.False(table.IsTroubled);
        Assert.Equal(1, table.At(3, Given.Ticks, out bool mustWait));
        Assert.False(mustWait);
        Assert.Empty(table.Capture());
    }

    [Fact]
    public void One_refusal_makes_four_fifths_and_halves_every_half_life()
    {
        var table = new AvailabilityTable(30);
        table.Down(1, Given.Ticks, TimeSpan.Zero);
        Assert.Equal(4.0 / 5, table.At(1, Given.Ticks, out _), 1e-12);
        Assert.Equal(4.0 / 4.5, table.At(1, Given.Ticks + 30 * Second, out _), 1e-12);
        Assert.Equal(4.0 / 4.25, table.At(1, Given.Ticks + 60 * Second, out _), 1e-12);
        Assert.Equal(1, table.At(0, Given.Ticks, out _));
        Assert.Equal(1, table.At(9, Given.Ticks, out _));
    }

    [Fact]
    public void Retry_after_makes_wait_until_then()
    {
        var table = new AvailabilityTable(30);
        table.Down(0, Given.Ticks, TimeSpan.FromSeconds(10));
        table.At(0, Given.Ticks + 10 * Second - 1, out bool before);
        table.At(0, Given.Ticks + 10 * Second, out bool after);
        Assert.Equal((true, false), (before, after));
    }

    [Fact]
    public void Late_news_weighs_what_it_would_weigh_by_now() // pitfall 18
    {
        AvailabilityTable inOrder = new(30), late = new(30);
        inOrder.Down(0, Given.Ticks, TimeSpan.Zero);
        inOrder.Down(0, Given.Ticks + 300 * Second, TimeSpan.Zero);
        late.Down(0, Given.Ticks + 300 * Second, TimeSpan.Zero);
        late.Down(0, Given.Ticks, TimeSpan.Zero);
        long now = Given.Ticks + 310 * Second;
        Assert.Equal(inOrder.At(0, now, out _), late.At(0, now, out _), 1e-12);
    }

    [Fact]
    public void Trouble_ends_when_every_refusal_has_faded()
    {
        var table = new AvailabilityTable(1);
        table.Down(0, Given.Ticks, TimeSpan.FromSeconds(30));
        table.Settle(Given.Ticks + 29 * Second);
        Assert.True(table.IsTroubled);
        table.Settle(Given.Ticks + 31 * Second);
        Assert.False(table.IsTroubled);
    }

    [Fact]
    public void State_round_trips_to_the_tick()
    {
        AvailabilityTable table = new(30), restored = new(30);
        table.Down(2, Given.Ticks, TimeSpan.FromTicks(77_777_777));
        Assert.Equal(0, restored.Restore(table.Capture()));
        restored.At(2, Given.Ticks + 77_777_776, out bool before);
        restored.At(2, Given.Ticks + 77_777_777, out bool after);
        Assert.Equal((true, false), (before, after));
        Assert.Equal(table.At(2, Given.Ticks + 5 * Second, out _), restored.At(2, Given.Ticks + 5 * Second, out _));
    }

    [Fact]
    public void An_arm_that_must_wait_is_not_eligible_and_says_why()
    {
        BanditRouter router = Given.Router(o => o.Policy = Bandits.Policies.UniformPolicy.Instance);
        SegmentKey segment = router.SegmentOf("planner");
        router.Record(router.Force(segment, 1, Given.Ticks), new Outcome { Kind = OutcomeKind.Unavailable, RetryAfter = TimeSpan.FromSeconds(20), TimeTicks = Given.Ticks });
        var request = new Request(segment) { TimeTicks = Given.Ticks + Second };
        Assert.Equal(Ineligibility.RetryAfter, router.Explain(request).Arms[1].WhyNot);
        for (int i = 0; i < 200; i++)
        {
            Assert.True(router.TryDecide(request, out Decision decision));
            Assert.NotEqual(1, decision.Arm);
        }

        Assert.Equal(0, router.EvidenceOf(segment, 1).QualityCount); // pitfall 21: a quota error says nothing of quality
        Assert.Equal(Ineligibility.None, router.Explain(request with { TimeTicks = Given.Ticks + 20 * Second }).Arms[1].WhyNot);
    }

    [Fact]
    public void Availability_scales_the_value_and_shows_in_the_explanation()
    {
        BanditRouter router = Given.Router();
        SegmentKey segment = router.SegmentOf("planner");
        router.Record(router.Force(segment, 1, Given.Ticks), new Outcome { Kind = OutcomeKind.Timeout, Latency = TimeSpan.FromSeconds(30), TimeTicks = Given.Ticks });
        ArmExplanation arm = router.Explain(new Request(segment) { TimeTicks = Given.Ticks }).Arms[1];
        Assert.Equal(0.8, arm.Availability, 1e-12);
        Assert.Equal(0.8 * router.Objective.ValueUsd * arm.QualityMean, arm.ValueUsd, 1e-12);
    }

    [Fact]
    public void A_real_outcome_after_an_expiry_is_heard()
    {
        BanditRouter router = Given.Router();
        SegmentKey segment = router.SegmentOf("planner");
        Decision decision = router.Force(segment, 1, Given.Ticks);
        router.Record(decision, new Outcome { Kind = OutcomeKind.Expired });
        router.Record(decision, new Outcome { Kind = OutcomeKind.Unavailable, TimeTicks = Given.Ticks });
        Assert.Equal(0.8, router.Explain(new Request(segment) { TimeTicks = Given.Ticks }).Arms[1].Availability, 1e-12);
    }

    [Fact]
    public void Requests_without_a_clock_pay_nothing_for_trouble()
    {
        BanditRouter router = Given.Router();
        SegmentKey segment = router.SegmentOf("planner");
        Explanation before = router.Explain(new Request(segment));
        router.Record(router.Force(segment, 1), new Outcome { Kind = OutcomeKind.Unavailable, TimeTicks = Given.Ticks, RetryAfter = TimeSpan.FromDays(1) });
        Assert.Equal(before.Arms.Select(a => a.Probability), router.Explain(new Request(segment)).Arms.Select(a => a.Probability));
    }
}
