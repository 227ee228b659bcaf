using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Storage;
using Bandits.Tests.Statistics;
using Bandits.Tests.Support;

namespace Bandits.Tests;

public sealed class SafetyGateTests
{
    private static readonly SafetyGate Gate = new() { BaselineArmId = "arm-0", Fraction = 0.2, Delta = 0.1 };

    [Fact]
    public void The_promise_is_kept_with_the_gate_and_broken_without()
    {
        const int Runs = 20;
        int broken = 0, brokenWithout = 0;
        for (int run = 0; run < Runs; run++)
        {
            broken += IsBroken(Gate, (ulong)run) ? 1 : 0;
            brokenWithout += IsBroken(null, (ulong)run) ? 1 : 0;
        }

        Assert.True(broken <= AnytimeBoundsTests.Most(Gate.Delta, Runs), $"{broken} of {Runs} runs broke the promise.");
        Assert.Equal(Runs, brokenWithout);

        static bool IsBroken(SafetyGate? gate, ulong seed)
        {
            double[] quality = [0.8, 0.1, 0.3];
            BanditRouter router = Given.Router(o => (o.Policy, o.SafetyGate, o.Seed) = (UniformPolicy.Instance, gate, seed), Given.Twins(3));
            SegmentKey segment = router.SegmentOf("planner");
            RandomStream random = Given.Random(seed);
            double sum = 0;
            for (int t = 1; t <= 400; t++)
            {
                router.TryDecide(new Request(segment), out Decision decision);
                sum += quality[decision.Arm];
                if (sum < 0.8 * quality[0] * t - 1e-9) return true;
                if (random.NextUnit() < 0.9)
                    router.Record(decision, new Outcome { Kind = random.NextUnit() < quality[decision.Arm] ? OutcomeKind.Success : OutcomeKind.Failed });
            }

            return false;
        }
    }

    [Fact]
    public void Held_back_probability_goes_to_the_baseline_and_the_propensity_is_exact()
    {
        BanditRouter router = Router();
        SegmentKey segment = router.SegmentOf("planner");
        int gated = 0, open = 0;
        for (int i = 0; i < 500; i++)
        {
            Explanation law = router.Explain(new Request(segment));
            Assert.True(router.TryDecide(new Request(segment), out Decision decision));
            Assert.Equal(law.Arms[decision.Arm].Probability, decision.Propensity);
            Assert.Equal(1, law.Arms.Sum(arm => arm.Probability), 1e-12);
            Assert.Equal(law.Traits, decision.Traits);
            if ((decision.Traits & DecisionTraits.Gated) != 0)
            {
                Assert.Equal((0, 1.0), (decision.Arm, decision.Propensity));
                gated++;
            }
            else
            {
                Assert.Equal(1 / 3.0, decision.Propensity);
                open++;
            }
        }

        Assert.True(gated > 100 && open > 50, $"{gated} gated, {open} open"); // without outcomes a fifth of the decisions may be worth nothing
        Assert.InRange(open, 50, 160);
    }

    [Fact]
    public void Where_the_baseline_is_not_eligible_the_gate_does_not_apply_and_says_so()
    {
        BanditRouter router = Router();
        var request = new Request(router.SegmentOf("planner")) { ExcludedArms = new[] { 0 } };
        for (int i = 0; i < 40; i++)
        {
            router.TryDecide(request, out Decision decision);
            Assert.Equal((0.5, DecisionTraits.Ungated), (decision.Propensity, decision.Traits));
            router.Record(decision, new Outcome { Kind = OutcomeKind.Failed });
        }

        Assert.Equal(DecisionTraits.Ungated, router.Explain(request).Traits);
        Assert.Empty(router.CaptureState().Safety);
    }

    [Fact]
    public void Each_value_of_the_scope_has_its_own_account()
    {
        BanditRouter router = Router(o => o.SafetyGate = Gate with { Scope = "area" });
        for (int i = 0; i < 30; i++) router.TryDecide(new Request(router.SegmentOf("planner", "core")), out _);
        router.TryDecide(new Request(router.SegmentOf("implementer", "core")), out _);
        router.TryDecide(new Request(router.SegmentOf("planner", "docs")), out _);
        RouterState state = router.CaptureState();
        Assert.Equal("area", state.SafetyScope);
        Assert.Equal([31, 1], state.Safety.Select(account => account.Words.Where((_, i) => i % 4 == 0).Sum()));
    }

    [Fact]
    public void Outcomes_and_corrections_reach_the_account()
    {
        BanditRouter router = Router();
        router.TryDecide(default, out Decision decision);
        Assert.Equal(0, decision.Arm);
        Assert.Equal([1, 0, 0, 0], Account(router));
        router.Record(decision, new Outcome { CostUsd = 1 });
        router.Record(decision, new Outcome { Kind = OutcomeKind.HumanReview });
        Assert.Equal([1, 0, 0, 0], Account(router));
        router.Record(decision, new Outcome { Kind = OutcomeKind.Failed, Revision = 1 });
        Assert.Equal([1, 1, 0, 0], Account(router));
        router.Record(decision, new Outcome { Kind = OutcomeKind.Success, Revision = 2 });
        Assert.Equal([1, 1, 1L << 32, 0], Account(router));
        router.Record(decision, new Outcome { Kind = OutcomeKind.Cancelled, Revision = 3 });
        Assert.Equal([1, 0, 0, 0], Account(router));

        static long[] Account(BanditRouter router) => Assert.Single(router.CaptureState().Safety).Words;
    }

    [Fact]
    public void A_decision_made_again_under_its_id_counts_once()
    {
        BanditRouter router = Router();
        for (int i = 0; i < 5; i++) router.TryDecide(new Request { Id = new DecisionId(3, 9) }, out _);
        Assert.Equal([1, 0, 0, 0], Assert.Single(router.CaptureState().Safety).Words);
    }

    [Fact]
    public void A_session_whose_arm_is_held_back_draws_anew()
    {
        BanditRouter router = Router();
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 0, 50, 0);
        Decision first = default;
        ulong session = 0;
        while (first.Arm == 0) router.TryDecide(new Request(segment) { Session = ++session }, out first);
        int kept = 0;
        Decision next = default;
        while (kept < 500)
        {
            router.TryDecide(new Request(segment) { Session = session }, out next);
            if (next.Arm == 0) break;
            Assert.Equal((first.Arm, first.Propensity, DecisionTraits.Sticky), (next.Arm, next.Propensity, next.Traits));
            kept++;
        }

        Assert.InRange(kept, 1, 400);
        Assert.Equal((0, DecisionTraits.Gated, 1.0), (next.Arm, next.Traits, next.Propensity));
    }

    [Fact]
    public void A_policy_without_a_pmf_is_gated_too()
    {
        BanditRouter router = Router(o => (o.Policy, o.SafetyGate) = (new First(), Gate with { BaselineArmId = "arm-2" }));
        int gated = 0;
        for (int i = 0; i < 300; i++)
        {
            router.TryDecide(default, out Decision decision);
            Assert.True(double.IsNaN(decision.Propensity));
            Assert.Equal((decision.Traits & DecisionTraits.Gated) != 0 ? 2 : 0, decision.Arm);
            gated += decision.Arm == 2 ? 1 : 0;
        }

        Assert.InRange(gated, 200, 299);
    }

    [Fact]
    public void Several_at_once_leave_out_what_is_held_back_and_count_each()
    {
        BanditRouter router = Router();
        var decisions = new Decision[3];
        Assert.Equal(1, router.DecideTop(default, decisions));
        Assert.Equal((0, 1.0, DecisionTraits.Gated), (decisions[0].Arm, decisions[0].Propensity, decisions[0].Traits));
        for (int i = 0; i < 50; i++) router.TryDecide(default, out _);
        long before = Plays(router);
        for (int i = 0; i < 20; i++) router.Feed(default, 0, 1, 0);
        int size = router.DecideTop(default, decisions);
        Assert.Equal(before + 20 + size, Plays(router));

        static long Plays(BanditRouter router) => Assert.Single(router.CaptureState().Safety).Words.Where((_, i) => i % 4 == 0).Sum();
    }

    [Fact]
    public void A_restart_begins_the_account_anew()
    {
        BanditRouter router = Router();
        router.Feed(default, 0, 10, 0);
        router.TryDecide(default, out Decision before);
        router.RestartSafety(0);
        router.Record(before, new Outcome { Kind = OutcomeKind.Success });
        SafetyState account = Assert.Single(router.CaptureState().Safety);
        Assert.Empty(account.Words);
        Assert.Equal(router.DecisionCount, account.Since);
    }

    [Fact]
    public void A_restored_router_decides_alike_and_other_options_are_reported()
    {
        Action<RouterOptions> configure = o => (o.Policy, o.SafetyGate, o.LedgerCapacity) =
            (UniformPolicy.Instance, new SafetyGate { BaselineArmId = "standard", Fraction = 0.3, Scope = "role" }, 256);
        BanditRouter router = Given.Router(configure);
        Traffic traffic = new(5);
        traffic.Run(router, 1_500);
        RouterState state = RouterSnapshot.FromBytes(RouterSnapshot.ToBytes(router.CaptureState()));
        Assert.NotEmpty(state.Safety);
        BanditRouter restored = BanditRouter.Restore(Given.Options(configure), state, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        Assert.Equal(StateText.Of(router), StateText.Of(restored));
        Traffic same = traffic.Fork();
        Assert.Equal(traffic.Run(router, 10_000), same.Run(restored, 10_000));
        Assert.Equal(StateText.Of(router), StateText.Of(restored));
        BanditRouter.Restore(Given.Options(), state, out faults);
        Assert.Contains("scope 'role'", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_sessions_and_accounts_start_anew_and_never_throw()
    {
        Action<RouterOptions> configure = o => (o.SafetyGate, o.SessionCapacity) =
            (new SafetyGate { BaselineArmId = "fast", Fraction = 0.3, Scope = "role" }, 64);
        BanditRouter router = Given.Router(configure);
        Traffic traffic = new(6);
        for (int i = 0; i < 300; i++)
            if (router.TryDecide(traffic.NextRequest(router) with { Session = (ulong)(i % 40) }, out Decision decision))
                router.Record(decision, traffic.NextOutcome(decision));
        int reported = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            RouterState state = router.CaptureState();
            var random = new Random(seed);
            state.Sessions[random.Next(state.Sessions.Length)] ^= 1L << random.Next(64);
            SafetyState account = state.Safety[random.Next(state.Safety.Length)];
            account.Words[random.Next(account.Words.Length)] ^= 1L << random.Next(64);
            if (seed % 5 == 0) state.Safety[0] = account with { Scope = random.Next(), Since = -seed };
            BanditRouter restored = BanditRouter.Restore(Given.Options(configure), state, out IReadOnlyList<string> faults);
            reported += faults.Count > 0 ? 1 : 0;
            Traffic same = traffic.Fork();
            for (int i = 0; i < 30; i++)
                if (restored.TryDecide(same.NextRequest(restored) with { Session = (ulong)(i % 40) }, out Decision decision))
                    restored.Record(decision, same.NextOutcome(decision));
        }

        Assert.InRange(reported, 15, 60);
    }

    [Fact]
    public void Threads_cannot_spend_the_same_budget_twice()
    {
        BanditRouter router = Router();
        SegmentKey[] segments = [router.SegmentOf("a"), router.SegmentOf("b"), router.SegmentOf("c"), router.SegmentOf("d")];
        int others = 0;
        Parallel.For(0, 4, thread =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                router.TryDecide(new Request(segments[thread]), out Decision decision);
                if (decision.Arm != 0) Interlocked.Increment(ref others);
            }
        });

        // Without outcomes an arm is allowed while the baseline's decisions alone are four fifths of all.
        Assert.InRange(others, 400, 800);
    }

    [Fact]
    public void Sessions_gate_drift_and_several_at_once_do_not_block_each_other()
    {
        BanditRouter router = Router(o => (o.Policy, o.Drift, o.LedgerCapacity, o.SessionCapacity) = (null, new DriftDetection(), 256, 16));
        SegmentKey[] segments = [router.SegmentOf("a"), router.SegmentOf("b")];
        Parallel.For(0, 4, thread =>
        {
            RandomStream random = Given.Random((ulong)thread);
            var decisions = new Decision[2];
            for (int i = 0; i < 2_000; i++)
            {
                var request = new Request(segments[random.NextBelow(2)]) { Session = (ulong)random.NextBelow(40) };
                int count = 1;
                if (i % 3 == 0) count = router.DecideTop(request, decisions);
                else router.TryDecide(request, out decisions[0]);
                foreach (Decision decision in decisions[..count])
                    router.Record(decision, new Outcome { Kind = random.NextUnit() < (i < 1_000 ? 0.9 : 0.1) ? OutcomeKind.Success : OutcomeKind.Failed });
            }
        });

        Assert.True(router.RestartCount > 0);
        SafetyState account = Assert.Single(router.CaptureState().Safety);
        Assert.True(account.Since > 0);
        for (int arm = 0; arm < account.Words.Length / 4; arm++) Assert.InRange(account.Words[4 * arm + 1], 0, account.Words[4 * arm]);
    }

    private static BanditRouter Router(Action<RouterOptions>? also = null) => Given.Router(o =>
    {
        (o.Strategy, o.Policy, o.SafetyGate) = (Strategy.Balanced, UniformPolicy.Instance, Gate);
        also?.Invoke(o);
    }, Given.Twins(3));
}
