using System.Runtime.CompilerServices;
using Bandits.Numerics;
using Bandits.Statistics;
using Bandits.Tests.Support;
using static Bandits.Tests.Support.GradedOutcomes;

namespace Bandits.Tests;

/// <summary>Law 4 of a fading memory: what an outcome weighs is fixed by the time of its decision, however late it comes.</summary>
public sealed class LateOutcomeTests
{
    private static readonly Outcome Success = new() { Kind = OutcomeKind.Success };
    private static readonly Outcome Failure = new() { Kind = OutcomeKind.Failed };

    /// <summary>A memory whose outcomes come whenever they come, and the list of those that should count.</summary>
    private sealed class Delayed(Forgetting forgetting, int seed)
    {
        private readonly Queue<GradedOutcome> _coming = new(Some(seed, 300));
        private readonly List<(GradedOutcome Outcome, long DecidedAt)> _open = [];
        private readonly List<(GradedOutcome Outcome, long DecidedAt)> _learnt = [];
        private RandomStream _random = Given.Random((ulong)seed + 1);

        public double[] Memory { get; private set; } = MemoryOf(forgetting);

        /// <summary>Outcomes that were too old to change anything.</summary>
        public int TooOld { get; private set; }

        public bool TryDecide()
        {
            if (!_coming.TryDequeue(out GradedOutcome outcome)) return false;
            _open.Add((outcome, forgetting.Learnt(Memory)));
            return true;
        }

        /// <summary>Now and then everything that is open comes, else one or none.</summary>
        public void Deliver()
        {
            double u = _random.NextUnit();
            for (int left = u < 0.02 ? _open.Count : u < 0.9 ? Math.Min(1, _open.Count) : 0; left > 0; left--)
            {
                int at = _random.NextBelow(_open.Count);
                (GradedOutcome outcome, long decidedAt) = _open[at];
                _open.RemoveAt(at);
                long now = _learnt.Count;
                Assert.Equal(now, forgetting.Learnt(Memory));
                double[] before = [.. Memory];
                forgetting.Learn(Memory, outcome, now - decidedAt);
                if (WeightOf(decidedAt, now + 1) > 0)
                {
                    _learnt.Add((outcome, decidedAt));
                    continue;
                }

                Assert.Equal(before, Memory);
                TooOld++;
            }
        }

        public void SaveAndRestore()
        {
            double[] restored = [.. Memory];
            Assert.True(forgetting.Restore(restored));
            Assert.Equal(Memory, restored);
            Memory = restored;
        }

        public void AssertIsAsListed()
        {
            long now = _learnt.Count;
            for (int arm = 0; arm < Arms; arm++)
            {
                IEnumerable<(GradedOutcome Outcome, double Weight)> weighted =
                    _learnt.Where(o => o.Outcome.Arm == arm).Select(o => (o.Outcome, WeightOf(o.DecidedAt, now)));
                if (forgetting.Outcomes > 0) Assert.Equal(SumsOf(weighted.Where(o => o.Weight > 0).Select(o => o.Outcome)), forgetting.Read(Memory, arm));
                else AssertNear(SumsOf(weighted), forgetting.Read(Memory, arm), 1e-9);
            }
        }

        /// <summary>The rule, from the time of the decision alone.</summary>
        private double WeightOf(long decidedAt, long now) => forgetting.Outcomes > 0 ? now - decidedAt <= forgetting.Outcomes ? 1 : 0 : Math.Pow(forgetting.Gamma, now - decidedAt - 1);
    }

    [Law(MaxTest = 60)]
    public void A_window_holds_what_was_decided_within_it(int seed, byte length)
    {
        var delayed = new Delayed(Forgetting.Window(length % 60 + 1), seed);
        for (int i = 1; delayed.TryDecide(); i++)
        {
            delayed.Deliver();
            if (i % 40 == 0) delayed.SaveAndRestore();
            if (i % 7 == 0) delayed.AssertIsAsListed();
        }
    }

    [Fact]
    public void Some_of_these_outcomes_are_older_than_the_window()
    {
        var delayed = new Delayed(Forgetting.Window(20), 3);
        while (delayed.TryDecide()) delayed.Deliver();
        Assert.InRange(delayed.TooOld, 5, 200);
    }

    [Law(MaxTest = 60)]
    public void A_discount_weighs_by_the_outcomes_since_the_decision(int seed, byte step)
    {
        var delayed = new Delayed(Forgetting.Discount(0.95 + step % 100 / 2000.0), seed);
        for (int i = 1; delayed.TryDecide(); i++)
        {
            delayed.Deliver();
            if (i % 40 == 0) delayed.SaveAndRestore();
            if (i % 7 == 0) delayed.AssertIsAsListed();
        }
    }

    /// <summary>The rule for outcomes that come at once, as it stands in the paper and as it was before ages were known.</summary>
    [Law(MaxTest = 40)]
    public void Without_delay_a_discount_is_the_plain_one_to_the_last_bit(int seed, byte step)
    {
        double gamma = 0.5 + step % 100 / 200.0;
        Forgetting forgetting = Forgetting.Discount(gamma);
        double[] memory = MemoryOf(forgetting), plain = new double[8 * Arms];
        foreach (GradedOutcome outcome in Some(seed, 200))
        {
            forgetting.Learn(memory, outcome, 0);
            for (int i = 0; i < plain.Length; i++) plain[i] *= gamma;
            (int At, int End)[] parts = [(0, 3), (3, 6), (6, 8)];
            for (int arm = 0; arm < Arms; arm++)
                foreach ((int at, int end) in parts)
                    if (plain[8 * arm + at] < Math.Pow(2, -40)) plain.AsSpan(8 * arm + at, end - at).Clear();
            Span<double> sums = plain.AsSpan(8 * outcome.Arm, 8);
            sums[0]++;
            sums[1] += outcome.Quality;
            sums[2] += outcome.Quality * outcome.Quality;
            if (outcome.HasCost)
            {
                sums[3]++;
                sums[4] += outcome.CostUsd;
                sums[5] += outcome.CostUsd * outcome.CostUsd;
            }

            if (outcome.HasLatency)
            {
                sums[6]++;
                sums[7] += outcome.LatencySeconds;
            }

            Assert.Equal(plain, memory[1..]);
        }
    }

    /// <summary>Twenty decisions are open while forty others come and go; when their outcomes come, the order among them is of no account.</summary>
    [Law(MaxTest = 40)]
    public void What_an_outcome_weighs_does_not_depend_on_when_it_comes(int seed)
    {
        GradedOutcome[] outcomes = Some(seed, 60);
        int[] arrival = [.. Enumerable.Range(0, 20)];
        RandomStream random = Given.Random((ulong)seed + 2);
        for (int i = arrival.Length - 1; i > 0; i--)
        {
            int other = random.NextBelow(i + 1);
            (arrival[i], arrival[other]) = (arrival[other], arrival[i]);
        }

        foreach (Forgetting forgetting in (Forgetting[])[Forgetting.Discount(0.97), Forgetting.Window(65)])
        {
            double[] inOrder = MemoryOf(forgetting), shuffled = MemoryOf(forgetting);
            foreach ((double[] memory, IEnumerable<int> order) in ((double[], IEnumerable<int>)[])[(inOrder, Enumerable.Range(0, 20)), (shuffled, arrival)])
            {
                for (int i = 20; i < 60; i++) forgetting.Learn(memory, outcomes[i]);
                foreach (int i in order) forgetting.Learn(memory, outcomes[i], forgetting.Learnt(memory) - i); // the i-th decided when i had been learnt
                for (int i = 0; i < 15; i++) forgetting.Learn(memory, outcomes[i]);
            }

            for (int arm = 0; arm < Arms; arm++)
            {
                if (forgetting.Outcomes > 0) Assert.Equal(forgetting.Read(inOrder, arm), forgetting.Read(shuffled, arm));
                else AssertNear(forgetting.Read(inOrder, arm), forgetting.Read(shuffled, arm), 1e-12);
            }
        }
    }

    [Law(MaxTest = 40)]
    public void Arms_that_change_places_change_their_sums(int seed)
    {
        RandomStream random = Given.Random((ulong)seed);
        foreach (Forgetting forgetting in (Forgetting[])[Forgetting.Discount(0.9), Forgetting.Window(25)])
        {
            double[] memory = MemoryOf(forgetting), other = MemoryOf(forgetting);
            foreach (GradedOutcome outcome in Some(seed, 100))
            {
                int age = random.NextBelow((int)forgetting.Learnt(memory) + 1);
                forgetting.Learn(memory, outcome, age);
                forgetting.Learn(other, outcome with { Arm = (outcome.Arm + 1) % Arms }, age);
            }

            for (int arm = 0; arm < Arms; arm++) Assert.Equal(forgetting.Read(memory, arm), forgetting.Read(other, (arm + 1) % Arms));
        }
    }

    [Fact]
    public void An_outcome_as_old_as_the_window_changes_nothing()
    {
        Forgetting forgetting = Forgetting.Window(12);
        double[] memory = MemoryOf(forgetting);
        foreach (GradedOutcome outcome in Some(4, 30)) forgetting.Learn(memory, outcome);
        double[] before = [.. memory];
        foreach (int age in (int[])[12, 13, 30, int.MaxValue]) forgetting.Learn(memory, new GradedOutcome(1, 1), age);
        Assert.Equal(before, memory);

        OutcomeSums other = forgetting.Read(memory, 1);
        forgetting.Learn(memory, new GradedOutcome(1, 1), 11); // leaves at the next outcome
        Assert.Equal(31, forgetting.Learnt(memory));
        Assert.NotEqual(other, forgetting.Read(memory, 1));
        forgetting.Learn(memory, new GradedOutcome(0, 1));
        Assert.InRange(forgetting.Read(memory, 1).Count, 0, other.Count);
    }

    /// <summary>A batch of decisions whose outcomes come together: stale news does not drive out what the window has.</summary>
    [Fact]
    public void A_batch_longer_than_the_window_fills_it()
    {
        Forgetting forgetting = Forgetting.Window(12);
        double[] memory = MemoryOf(forgetting);
        for (int i = 0; i < 100; i++) forgetting.Learn(memory, new GradedOutcome(1, 1), forgetting.Learnt(memory));
        Assert.Equal((12, 12L), ((int)forgetting.Read(memory, 1).Count, forgetting.Learnt(memory)));
    }

    [Fact]
    public void A_decision_says_what_its_segment_had_learnt()
    {
        foreach (Forgetting forgetting in (Forgetting[])[Forgetting.Discount(0.9), Forgetting.Window(5)])
        {
            BanditRouter router = Forgetful(forgetting);
            SegmentKey segment = router.SegmentOf("api");
            router.Feed(segment, 0, Success, 7);
            router.Feed(segment, 1, new Outcome { Kind = OutcomeKind.Cancelled }, 3);
            router.Feed(router.SegmentOf("web"), 0, Failure, 4);
            Assert.Equal(7, router.Force(segment, 1).SegmentOutcomes);
            var decisions = new Decision[2];
            Assert.Equal(2, router.DecideTop(new Request(segment), decisions));
            Assert.Equal([7, 7], decisions.Select(decision => decision.SegmentOutcomes));

            var named = new Request(segment) { Id = new DecisionId(9, 1000) };
            Assert.True(router.TryDecide(named, out Decision first));
            Assert.True(router.TryDecide(named, out Decision again));
            Assert.Equal((7, 7), (first.SegmentOutcomes, again.SegmentOutcomes));
        }
    }

    [Fact]
    public void Where_nothing_is_forgotten_a_decision_does_not_count()
    {
        BanditRouter router = Given.Router(o => (o.Dimensions, o.Policy) = (["area"], Bandits.Policies.KlUcbRule.Policy), Given.Twins(2)); // counts pending, so it keeps order
        router.Feed(router.SegmentOf("api"), 0, Success, 7);
        Assert.Equal(0, router.Force(router.SegmentOf("api"), 1).SegmentOutcomes);
    }

    /// <summary>It was 80 bytes before it said what its segment had learnt.</summary>
    [Fact]
    public void A_decision_is_no_larger_for_it() => Assert.InRange(Unsafe.SizeOf<Decision>(), 1, 80);

    [Fact]
    public void A_router_weighs_a_late_outcome_by_its_decision_before_and_after_a_restart_of_the_program()
    {
        BanditRouter discounting = Forgetful(Forgetting.Discount(0.9)), windowed = Forgetful(Forgetting.Window(15));
        SegmentKey segment = discounting.SegmentOf("api");
        Assert.Equal(segment, windowed.SegmentOf("api"));
        foreach (BanditRouter opened in (BanditRouter[])[discounting, windowed])
        {
            bool isDiscount = opened == discounting;
            BanditRouter router = opened;
            Decision early = router.Force(segment, 1), later = router.Force(segment, 1);
            router.Feed(segment, 0, Success, 10);
            router.Record(early, Failure);
            Assert.Equal(isDiscount ? Math.Pow(0.9, 10) : 1, router.BeliefOf(segment, 1).Samples, 1e-12);
            router.Feed(segment, 0, Success, 3);

            RouterState state = router.CaptureState();
            router = BanditRouter.Restore(OptionsOf(isDiscount ? Forgetting.Discount(0.9) : Forgetting.Window(15)), state, out IReadOnlyList<string> faults);
            Assert.Empty(faults);
            Assert.Equal(14, router.Force(segment, 0).SegmentOutcomes);
            router.Record(later, Success);
            Assert.Equal(isDiscount ? 2 * Math.Pow(0.9, 14) : 2, router.BeliefOf(segment, 1).Samples, 1e-12);
            Assert.Equal(0.5, router.BeliefOf(segment, 1).SampleMean, 1e-9);
            router.Feed(segment, 0, Success, 1);
            Assert.Equal(isDiscount ? 2 * Math.Pow(0.9, 15) : 0, router.BeliefOf(segment, 1).Samples, 1e-12);
        }
    }

    /// <summary>A decision made before the memory started anew may say more than has been learnt since, one that was tampered with may say anything.</summary>
    [Theory]
    [InlineData(1_000L, 1)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(-1_000L, 0)]
    [InlineData(long.MinValue, 0)]
    public void A_decision_of_another_count_is_new_or_too_old(long segmentOutcomes, int expected)
    {
        foreach (Forgetting forgetting in (Forgetting[])[Forgetting.Discount(0.9), Forgetting.Window(5)])
        {
            BanditRouter router = Forgetful(forgetting);
            SegmentKey segment = router.SegmentOf("api");
            Decision decision = router.Force(segment, 1) with { SegmentOutcomes = segmentOutcomes };
            router.Feed(segment, 0, Success, 3);
            router.Record(decision, Success);
            Assert.Equal((expected, 3L + expected), (router.BeliefOf(segment, 1).Samples, router.Force(segment, 0).SegmentOutcomes));
            router.Feed(segment, 0, Success, 5);
            Assert.Equal(forgetting.Outcomes > 0 ? 0 : expected * Math.Pow(0.9, 5), router.BeliefOf(segment, 1).Samples, 1e-12);
            Assert.Equal(1, router.EvidenceOf(segment, 1).QualityCount);
        }
    }

    /// <summary>Before outcomes were counted a discount kept its sums alone, and decisions said nothing of their time.</summary>
    [Fact]
    public void A_discount_that_did_not_count_is_taken_over()
    {
        BanditRouter router = Forgetful(Forgetting.Discount(0.9));
        SegmentKey segment = router.SegmentOf("api");
        router.Feed(segment, 0, 6, 3);
        Decision open = router.Force(segment, 1) with { SegmentOutcomes = 0 };
        RouterState state = WithMemory(router.CaptureState(), memory => memory[1..]);
        BanditRouter restored = BanditRouter.Restore(OptionsOf(Forgetting.Discount(0.9)), state, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        Assert.True(router.BeliefOf(segment, 0).IsLike(restored.BeliefOf(segment, 0)));
        restored.Feed(segment, 0, Success, 2);
        restored.Record(open, Success);
        Assert.Equal(Math.Pow(0.9, 2), restored.BeliefOf(segment, 1).Samples, 1e-12);
    }

    /// <summary>A window without a count, one of another length, and a discount: reported, and nothing of it is believed.</summary>
    [Fact]
    public void A_window_that_was_none_of_this_length_is_reported_and_starts_anew()
    {
        BanditRouter router = Forgetful(Forgetting.Window(6));
        SegmentKey segment = router.SegmentOf("api");
        router.Feed(segment, 0, 6, 5);
        RouterState state = router.CaptureState();
        double[] uncounted = [0, .. Enumerable.Repeat<double[]>([4, 1L << 32, 0, 0], 6).SelectMany(place => place), 6, 6L << 32, 0, 6, .. new double[9], .. new double[13]];
        (RouterState State, int Window)[] others = [(WithMemory(state, _ => uncounted), 6), (state, 7), (WithMemory(state, _ => [11, 5, 3, 3, .. new double[13]]), 6)];
        foreach ((RouterState other, int window) in others)
        {
            BanditRouter restored = BanditRouter.Restore(OptionsOf(Forgetting.Window(window)), other, out IReadOnlyList<string> faults);
            Assert.Contains(faults, fault => fault.Contains("does not fit the options", StringComparison.Ordinal));
            Assert.Equal((0, 0L), (restored.BeliefOf(segment, 0).Samples, restored.Force(segment, 0).SegmentOutcomes));
            restored.Feed(segment, 0, Success, 3);
            Assert.Equal(3, restored.BeliefOf(segment, 0).Samples);
        }
    }

    /// <summary>
    /// Half of the outcomes come 400 decisions late while the arm drops from 0.9 to 0.1. In the 300 decisions after the first hundred of the new time, the
    /// memory's mean is off by less than a third of what it would be off by if outcomes entered at full weight, on each of 20 seeds.
    /// </summary>
    [Fact]
    public void After_a_change_late_outcomes_hold_the_memory_back_less()
    {
        const double Gamma = 0.99;
        const int Change = 1000, Late = 400, End = Change + 400;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            BanditRouter router = Forgetful(Forgetting.Discount(Gamma));
            SegmentKey segment = router.SegmentOf("api");
            RandomStream random = Given.Random(seed);
            var open = new Queue<(int Due, Decision Decision, bool IsSuccess)>();
            double count = 0, sum = 0, error = 0, errorByArrival = 0;
            for (int i = 0; i < End; i++)
            {
                Decision decision = router.Force(segment, 0);
                bool isSuccess = random.NextUnit() < (i < Change ? 0.9 : 0.1);
                if (random.NextUnit() < 0.5) open.Enqueue((i + Late, decision, isSuccess));
                else Record(decision, isSuccess);
                while (open.TryPeek(out (int Due, Decision Decision, bool IsSuccess) next) && next.Due <= i)
                {
                    open.Dequeue();
                    Record(next.Decision, next.IsSuccess);
                }

                if (i < Change + 100) continue;
                error += Math.Abs(router.BeliefOf(segment, 0).SampleMean - 0.1);
                errorByArrival += Math.Abs(sum / count - 0.1);
            }

            Assert.True(error < errorByArrival / 3, $"seed {seed}: {error / 300:f3} by decision, {errorByArrival / 300:f3} by arrival");

            void Record(in Decision decision, bool isSuccess)
            {
                router.Record(decision, isSuccess ? Success : Failure);
                (count, sum) = (Gamma * count + 1, Gamma * sum + (isSuccess ? 1 : 0));
            }
        }
    }

    private static RouterOptions OptionsOf(Forgetting forgetting) => Given.Options(o => (o.Dimensions, o.Forgetting) = (["area"], forgetting), Given.Twins(2));

    private static BanditRouter Forgetful(Forgetting forgetting) => new(OptionsOf(forgetting));

    private static RouterState WithMemory(RouterState state, Func<double[], double[]> change) => new()
    {
        Dimensions = state.Dimensions,
        Values = state.Values,
        Arms = state.Arms,
        Status = state.Status,
        Sequence = state.Sequence,
        Origins = state.Origins,
        Segments =
        [
            .. state.Segments.Select(segment => new SegmentState
            {
                Key = segment.Key,
                Own = segment.Own,
                Rolled = segment.Rolled,
                Progress = segment.Progress,
                Joined = segment.Joined,
                Exploration = segment.Exploration,
                Ordered = new OrderedSegmentState { Memory = change(segment.Ordered!.Memory) },
            }),
        ],
        Masses = state.Masses,
        Exploration = state.Exploration,
        Availability = state.Availability,
        Ledger = state.Ledger,
    };
}
