using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests.Laws;

/// <summary>What a policy relies on the router to hand it.</summary>
public sealed class WhatPoliciesAreTold
{
    /// <summary>Learns nothing and remembers the propensity it was told; leans towards the first arm.</summary>
    private sealed class Listener : IStatefulPolicy
    {
        public double Told { get; private set; }

        public PolicyTraits Traits => PolicyTraits.Explores | PolicyTraits.NeedsPropensity;

        public int HeaderLength => 1;

        public int ArmLength => 0;

        public int Choose(in Choices choices, ref RandomStream random) => 0;

        public bool TryGetPmf(in Choices choices, Span<double> pmf)
        {
            pmf.Fill(0.1 / (pmf.Length - 1));
            pmf[0] = 0.9;
            return true;
        }

        public void Learn(Span<double> state, in Feedback feedback) => Told = feedback.Propensity;

        public bool TryRetract(Span<double> state, in Feedback feedback) => false;
    }

    /// <summary>Pitfall: an importance weight needs the probability that was acted on, after floor and exploration.</summary>
    [Fact]
    public void A_policy_learns_from_the_probability_that_was_drawn_from()
    {
        var policy = new Listener();
        BanditRouter router = Given.Router(o => (o.Strategy, o.Policy, o.ExplorationFloor, o.Propensities) = (Strategy.Performance, policy, 0.1, false), Given.Twins(4));
        SegmentKey segment = router.SegmentOf("planner");
        var seen = new HashSet<double>();
        for (int i = 0; i < 200; i++)
        {
            Assert.True(router.TryDecide(new Request(segment), out Decision decision));
            router.Record(decision, new Outcome { Kind = OutcomeKind.Success });
            Assert.Equal(decision.Propensity, policy.Told);
            Assert.Equal(decision.Arm == 0 ? 0.6 * 0.9 + 0.1 : 0.6 * (0.1 / 3) + 0.1, policy.Told, 1e-12);
            seen.Add(policy.Told);
        }

        Assert.Equal(2, seen.Count);
    }

    /// <summary>Pitfall: in-flight arms look unexplored and draw a herd.</summary>
    [Fact]
    public void Decisions_that_wait_for_their_outcome_spread_an_index()
    {
        foreach (IRoutingPolicy policy in (IRoutingPolicy[])[KlUcbRule.Policy, Ucb1Rule.Policy, MossRule.Policy, UcbVRule.Policy, KlMossRule.Policy])
        {
            BanditRouter router = Given.Router(o => (o.Strategy, o.Policy, o.FallbackToBaseline) = (Strategy.Performance, policy, false), Given.Twins(6));
            SegmentKey segment = router.SegmentOf("planner");
            int[] chosen = new int[6];
            for (int i = 0; i < 18; i++)
            {
                Assert.True(router.TryDecide(new Request(segment), out Decision decision));
                chosen[decision.Arm]++;
            }

            Assert.Equal([3, 3, 3, 3, 3, 3], chosen);
        }
    }

    [Fact]
    public void A_range_that_changed_is_reported()
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.Policy) = (Strategy.Performance, new TsallisInfPolicy()), Given.Twins(3));
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 0, 3, 2);
        Assert.Equal((0.0, 1.0, 0L), TsallisInfPolicy.RangeOf(router.PolicyStateOf(segment)));
        RouterState state = router.CaptureState();
        BanditRouter other = BanditRouter.Restore(
            Given.Options(o => (o.Strategy, o.Policy, o.SuccessWeight, o.CostWeight, o.Incarnation) = (Strategy.Balanced, new TsallisInfPolicy(), 1, 1, 2), Given.Twins(3)),
            state, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        other.Feed(segment, 0, 1, 0);
        (double lowest, double highest, long restarts) = TsallisInfPolicy.RangeOf(other.PolicyStateOf(segment));
        Assert.Equal((-1.0, other.Objective.ValueUsd, 1L), (lowest, highest, restarts));
    }

    [Fact]
    public void Forgetting_switched_on_over_an_old_store_is_reported()
    {
        BanditRouter router = Given.Router(null, Given.Twins(2));
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 0, 30, 10);
        RouterState state = router.CaptureState();
        RouterOptions options = Given.Options(o => (o.Forgetting, o.Incarnation) = (Forgetting.Discount(0.99), 2), Given.Twins(2));
        BanditRouter forgetful = BanditRouter.Restore(options, state, out IReadOnlyList<string> faults);
        Assert.Contains("1 segment(s) learnt without forgetting", Assert.Single(faults), StringComparison.Ordinal);
        Assert.Equal(40, forgetful.EvidenceOf(segment, 0).QualityCount);
        Assert.Equal(0, forgetful.BeliefOf(segment, 0).Samples);
    }
}
