using Bandits.Policies;
using Bandits.Storage;
using Bandits.Tests.Support;

namespace Bandits.Tests;

public sealed class SessionTests
{
    [Fact]
    public void A_session_keeps_its_arm_and_the_propensity_it_was_drawn_with()
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.Policy) = (Strategy.Balanced, UniformPolicy.Instance));
        SegmentKey segment = router.SegmentOf("planner");
        var started = new long[4];
        for (ulong session = 1; session <= 2_000; session++)
        {
            Decision first = Decide(router, segment, session), again = Decide(router, segment, session);
            Assert.Equal((0.25, DecisionTraits.None), (first.Propensity, first.Traits));
            Assert.Equal((first.Arm, 0.25, DecisionTraits.Sticky), (again.Arm, again.Propensity, again.Traits));
            Assert.NotEqual(first.Id, again.Id);
            started[first.Arm]++;
        }

        Goodness.Fits(started, [0.25, 0.25, 0.25, 0.25]);
    }

    [Fact]
    public void Traits_of_the_first_draw_stay_with_the_session()
    {
        BanditRouter router = Given.Router(o => (o.ExplorationRate, o.AdaptExploration) = (0.5, false));
        SegmentKey segment = router.SegmentOf("planner");
        int explored = 0;
        for (ulong session = 1; session <= 200; session++)
        {
            Decision first = Decide(router, segment, session), again = Decide(router, segment, session);
            Assert.Equal(first.Traits | DecisionTraits.Sticky, again.Traits);
            explored += (again.Traits & DecisionTraits.Explored) != 0 ? 1 : 0;
        }

        Assert.InRange(explored, 20, 180);
    }

    [Fact]
    public void Each_segment_has_its_own_and_no_session_is_none()
    {
        BanditRouter router = Given.Router(o => o.Policy = UniformPolicy.Instance);
        int differ = 0;
        for (ulong session = 1; session <= 100; session++)
            differ += Decide(router, router.SegmentOf("a"), session).Arm != Decide(router, router.SegmentOf("b"), session).Arm ? 1 : 0;
        Assert.InRange(differ, 40, 99);
        for (int i = 0; i < 50; i++) Assert.Equal(DecisionTraits.None, Decide(router, router.SegmentOf("a"), 0).Traits);
    }

    [Fact]
    public void An_arm_that_is_no_longer_eligible_is_left()
    {
        BanditRouter router = Given.Router(o => o.Policy = UniformPolicy.Instance);
        SegmentKey segment = router.SegmentOf("planner");
        Decision first = Decide(router, segment, 5);
        Assert.True(router.TryDecide(new Request(segment) { Session = 5, ExcludedArms = new[] { first.Arm } }, out Decision other));
        Assert.NotEqual(first.Arm, other.Arm);
        Assert.Equal((1 / 3.0, DecisionTraits.None), (other.Propensity, other.Traits));
        Decision kept = Decide(router, segment, 5);
        Assert.Equal((other.Arm, 1 / 3.0, DecisionTraits.Sticky), (kept.Arm, kept.Propensity, kept.Traits));
        router.DisableArm(router.ArmAt(other.Arm).Id);
        Assert.NotEqual(other.Arm, Decide(router, segment, 5).Arm);
    }

    [Fact]
    public void An_arm_is_left_when_the_gain_exceeds_the_cost_of_switching_and_not_before()
    {
        foreach ((double cost, bool leaves) in ((double, bool)[])[(0, true), (0.05, true), (0.2, false), (double.PositiveInfinity, false)])
        {
            BanditRouter router = Given.Router(o =>
            {
                (o.Strategy, o.CostWeight, o.SwitchCostUsd) = (Strategy.Balanced, 0.7, cost); // a success is worth the reference cost, $0.10
                o.FallbackToBaseline = false;
            }, Given.Twins(2));
            SegmentKey segment = router.SegmentOf("planner");
            router.Feed(segment, 0, 4, 0);
            Assert.Equal(0, Decide(router, segment, 1).Arm);
            router.Feed(segment, 0, 0, 30);
            router.Feed(segment, 1, 60, 0);
            double gain = router.BeliefOf(segment, 1).Mean - router.BeliefOf(segment, 0).Mean;
            Assert.InRange(gain, 0.06, 0.19);
            Decision next = Decide(router, segment, 1);
            Assert.Equal((leaves ? 1 : 0, leaves ? DecisionTraits.None : DecisionTraits.Sticky), (next.Arm, next.Traits));
        }
    }

    [Fact]
    public void A_policy_without_a_pmf_keeps_sessions_with_unknown_propensity()
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.Policy, o.ExplorationFloor) = (Strategy.Balanced, new First(), 0.25));
        Decision first = Decide(router, default, 1), again = Decide(router, default, 1);
        Assert.Equal((first.Arm, true), (again.Arm, double.IsNaN(again.Propensity)));
        Assert.True((again.Traits & DecisionTraits.Sticky) != 0);
    }

    [Fact]
    public void A_restored_router_decides_the_next_ten_thousand_alike_with_sessions()
    {
        Action<RouterOptions> configure = o => (o.SessionCapacity, o.LedgerCapacity, o.SwitchCostUsd) = (256, 256, 0.01);
        BanditRouter router = Given.Router(configure);
        Traffic traffic = new(5);
        for (int i = 0; i < 1_500; i++) Step(router, traffic, i);
        RouterState state = RouterSnapshot.FromBytes(RouterSnapshot.ToBytes(router.CaptureState()));
        Assert.NotEmpty(state.Sessions);
        BanditRouter restored = BanditRouter.Restore(Given.Options(configure), state, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        Assert.Equal(StateText.Of(router), StateText.Of(restored));
        Traffic same = traffic.Fork();
        int sticky = 0;
        for (int i = 1_500; i < 11_500; i++)
        {
            Decision decision = Step(router, traffic, i);
            Assert.Equal(decision, Step(restored, same, i));
            sticky += (decision.Traits & DecisionTraits.Sticky) != 0 ? 1 : 0;
        }

        Assert.True(sticky > 1_000);
        Assert.Equal(StateText.Of(router), StateText.Of(restored));
    }

    [Fact]
    public void Deciding_in_sessions_allocates_nothing_once_the_table_stands()
    {
        BanditRouter router = Given.Router();
        SegmentKey segment = router.SegmentOf("planner");
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 3_000; i++) router.TryDecide(new Request(segment) { Session = (ulong)(i % 700 + 1) }, out Decision decision);
        }));
    }

    [Fact]
    public void Names_of_sessions_have_fixed_numbers()
    {
        Assert.Equal(0x506f_a385_a99c_33fbUL, Request.SessionOf("conversation-17"));
        Assert.NotEqual(Request.SessionOf("a"), Request.SessionOf("b"));
        Assert.Throws<ArgumentException>(() => Request.SessionOf(""));
    }

    private static Decision Decide(BanditRouter router, SegmentKey segment, ulong session)
    {
        Assert.True(router.TryDecide(new Request(segment) { Session = session }, out Decision decision));
        return decision;
    }

    private static Decision Step(BanditRouter router, Traffic traffic, int at)
    {
        if (router.TryDecide(traffic.NextRequest(router) with { Session = (ulong)(at * 7 % 5) }, out Decision decision))
            router.Record(decision, traffic.NextOutcome(decision));
        return decision;
    }
}
