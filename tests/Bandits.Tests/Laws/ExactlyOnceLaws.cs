using Bandits.Tests.Support;

namespace Bandits.Tests.Laws;

/// <summary>Law 9: outcomes are keyed (decision, part, revision); for each part the highest revision counts, in any order, however often delivered.</summary>
public sealed class ExactlyOnceLaws
{
    [Law(MaxTest = 300)]
    public void Any_order_and_any_repetition_leave_the_evidence_of_the_naive_model(int seed)
    {
        var random = new Random(seed);
        BanditRouter router = Given.Router();
        SegmentKey segment = router.SegmentOf("implementer", "core");
        var expected = new Evidence[4];
        var deliveries = new List<(Decision, Outcome)>();
        for (int i = 0; i < 6; i++)
        {
            Decision decision = router.Force(segment, random.Next(4));
            Outcome[] outcomes = OutcomesOf(random);
            foreach (Outcome outcome in outcomes)
                for (int copies = random.Next(1, 4); copies > 0; copies--) deliveries.Add((decision, outcome));
            expected[decision.Arm].Add(Naive(outcomes));
        }

        (Decision, Outcome)[] order = [.. deliveries];
        random.Shuffle(order);
        foreach ((Decision decision, Outcome outcome) in order) router.Record(decision, outcome);
        for (int arm = 0; arm < 4; arm++)
        {
            Assert.Equal(Given.Words(expected[arm]), Given.Words(router.EvidenceOf(segment, arm)));
            Assert.True(expected[arm].IsPlausible);
        }

        string settled = StateText.Of(router);
        foreach ((Decision decision, Outcome outcome) in order) Assert.Equal(Recorded.AlreadyKnown, router.Record(decision, outcome));
        Assert.Equal(settled, StateText.Of(router));
    }

    [Fact]
    public void Duplicate_feedback_counts_once() // pitfall 19
    {
        BanditRouter router = Given.Router();
        Decision decision = router.Force(router.SegmentOf("planner"), 1);
        var outcome = new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.25 };
        Assert.Equal(Recorded.Applied, router.Record(decision, outcome));
        Assert.Equal(Recorded.AlreadyKnown, router.Record(decision, outcome));
        Assert.Equal(Recorded.AlreadyKnown, router.Record(router.ParseToken(router.TokenOf(decision)), outcome));
        Assert.Equal((1L, 0.25), (router.EvidenceOf(decision.Segment, 1).Total, router.EvidenceOf(decision.Segment, 1).CostSumUsd));
    }

    [Fact]
    public void Cost_counts_when_it_comes_and_quality_when_that_comes() // pitfall 19
    {
        BanditRouter router = Given.Router();
        Decision decision = router.Force(router.SegmentOf("planner"), 1);
        Assert.Equal(Recorded.Applied, router.Record(decision, new Outcome { CostUsd = 0.5 }));
        Assert.Equal((0L, 1L, 0.5), Counts());
        Assert.Equal(Recorded.Applied, router.Record(decision, new Outcome { Kind = OutcomeKind.HumanReview }));
        Assert.Equal((0L, 1L, 0.5), Counts());
        Assert.Equal(Recorded.Corrected, router.Record(decision, new Outcome { Kind = OutcomeKind.HumanReview, Quality = 0.75, Revision = 1 }));
        Assert.Equal((1L, 1L, 0.5), Counts());
        Assert.Equal(0.75, router.EvidenceOf(decision.Segment, 1).QualitySum);

        (long, long, double) Counts()
        {
            Evidence e = router.EvidenceOf(decision.Segment, 1);
            return (e.QualityCount, e.CostCount, e.CostSumUsd);
        }
    }

    [Fact]
    public void A_real_outcome_supersedes_any_expiry()
    {
        BanditRouter router = Given.Router();
        Decision decision = router.Force(router.SegmentOf("planner"), 1);
        Assert.Equal(Recorded.Applied, router.Record(decision, new Outcome { Kind = OutcomeKind.Expired, Revision = 3 }));
        Assert.Equal(Recorded.Corrected, router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
        Assert.Equal(Recorded.AlreadyKnown, router.Record(decision, new Outcome { Kind = OutcomeKind.Expired }));
        Evidence evidence = router.EvidenceOf(decision.Segment, 1);
        Assert.Equal((1L, 1L, 0L), (evidence.Total, evidence.CountOf(OutcomeKind.Success), evidence.CountOf(OutcomeKind.Expired)));
    }

    [Fact]
    public void Deciding_again_under_the_same_id_counts_its_outcome_once()
    {
        BanditRouter router = Given.Router();
        var request = new Request(router.SegmentOf("planner")) { Id = new DecisionId(9, 5) };
        router.TryDecide(request, out Decision first);
        router.Record(first, new Outcome { Kind = OutcomeKind.Cancelled });
        router.TryDecide(request, out Decision again);
        Assert.Equal(first, again);
        Assert.Equal(Recorded.AlreadyKnown, router.Record(again, new Outcome { Kind = OutcomeKind.Cancelled }));
        Assert.Equal(1, router.EvidenceOf(first.Segment, first.Arm).Total);
    }

    [Fact]
    public void Every_attempt_is_credited() // pitfall 20
    {
        BanditRouter router = Given.Router();
        SegmentKey segment = router.SegmentOf("planner");
        Assert.True(router.TryDecide(new Request(segment), out Decision first));
        router.Record(first, new Outcome { Kind = OutcomeKind.Unavailable, Latency = TimeSpan.FromSeconds(1) });
        Assert.True(router.TryDecide(new Request(segment) { Attempt = 1, ExcludedArms = new[] { first.Arm } }, out Decision second));
        Assert.NotEqual(first.Arm, second.Arm);
        Assert.Equal(1, second.Attempt);
        router.Record(second, new Outcome { Kind = OutcomeKind.Success, Attempt = 1 });
        Assert.Equal(1, router.EvidenceOf(segment, first.Arm).CountOf(OutcomeKind.Unavailable));
        Assert.Equal(0, router.EvidenceOf(segment, first.Arm).QualityCount);
        Assert.Equal(1, router.EvidenceOf(segment, second.Arm).QualityCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => router.Record(second, new Outcome { Kind = OutcomeKind.Success, Attempt = 0 }));
    }

    [Fact]
    public void Beyond_the_horizon_nothing_changes()
    {
        BanditRouter router = Given.Router(o => o.LedgerCapacity = 16);
        SegmentKey segment = router.SegmentOf("planner");
        var decisions = new Decision[40];
        for (int i = 0; i < decisions.Length; i++) Assert.True(router.TryDecide(new Request(segment), out decisions[i]));
        string before = StateText.Of(router);
        for (int i = 0; i < 24; i++) Assert.Equal(Recorded.BeyondHorizon, router.Record(decisions[i], new Outcome { Kind = OutcomeKind.Success }));
        Assert.Equal(before, StateText.Of(router));
        Assert.Equal(0, router.RefusedCount);
        for (int i = 24; i < 40; i++) Assert.Equal(Recorded.Applied, router.Record(decisions[i], new Outcome { Kind = OutcomeKind.Success }));
        Assert.Equal(16, router.EvidenceOf(0).Total + router.EvidenceOf(1).Total + router.EvidenceOf(2).Total + router.EvidenceOf(3).Total);
    }

    [Fact]
    public void A_settled_decision_stays_correctable_after_a_restart()
    {
        BanditRouter router = Given.Router();
        Decision decision = router.Force(router.SegmentOf("planner"), 2);
        router.Record(decision, new Outcome { Kind = OutcomeKind.Success, Quality = 0.3, CostUsd = 1, Latency = TimeSpan.FromSeconds(3), InputTokens = 5, TimeToFirstToken = TimeSpan.FromSeconds(1) });
        BanditRouter restored = BanditRouter.Restore(Given.Options(o => o.Incarnation = 2), router.CaptureState(), out _);
        Assert.Equal(Recorded.Corrected, restored.Record(decision, new Outcome { Kind = OutcomeKind.Failed, CostUsd = 2, Latency = TimeSpan.FromSeconds(4), Revision = 1 }));
        Evidence expected = default;
        expected.Add(new Outcome { Kind = OutcomeKind.Failed, CostUsd = 2, Latency = TimeSpan.FromSeconds(4) });
        Assert.Equal(Given.Words(expected), Given.Words(restored.EvidenceOf(decision.Segment, 2)));
        Assert.True(restored.TryDecide(new Request(decision.Segment), out Decision next));
        Assert.Equal((2UL, decision.Id.Sequence + 1), (next.Id.Incarnation, next.Id.Sequence));
    }

    /// <summary>Outcomes of one decision; no two of the same part and revision, but an expiry may share one.</summary>
    private static Outcome[] OutcomesOf(Random random)
    {
        var outcomes = new List<Outcome>();
        for (int revision = random.Next(2); revision < 4; revision += random.Next(1, 3))
        {
            OutcomeKind kind = (OutcomeKind)random.Next(7);
            bool graded = kind <= OutcomeKind.HumanReview;
            var judged = new Outcome { Kind = kind, Quality = graded && random.Next(2) == 0 ? random.NextDouble() : null, Revision = revision };
            var cost = new Outcome { CostUsd = random.NextDouble(), InputTokens = random.Next(2) == 0 ? random.Next(99) : null, Revision = revision };
            var latency = new Outcome { Latency = random.Next(3) > 0 ? TimeSpan.FromSeconds(random.NextDouble()) : null, TimeToFirstToken = TimeSpan.FromSeconds(random.NextDouble()), Revision = revision };
            switch (random.Next(5))
            {
                case 0: outcomes.AddRange([judged, cost, latency]); break;
                case 1: outcomes.Add(judged with { CostUsd = cost.CostUsd, InputTokens = cost.InputTokens, Latency = latency.Latency, TimeToFirstToken = latency.TimeToFirstToken }); break;
                case 2: outcomes.AddRange([cost, latency]); break;
                case 3: outcomes.AddRange([judged, cost]); break;
                default: outcomes.Add(judged); break;
            }

            if (random.Next(3) == 0) outcomes.Add(new Outcome { Kind = OutcomeKind.Expired, Revision = revision });
        }

        return [.. outcomes];
    }

    private static Evidence Naive(Outcome[] outcomes)
    {
        Evidence evidence = default;
        Outcome? judged = outcomes.Where(o => o.Kind is not null).OrderBy(o => (o.Kind != OutcomeKind.Expired, o.Revision)).Cast<Outcome?>().LastOrDefault();
        Outcome? cost = outcomes.Where(o => o.CostUsd is not null || o.InputTokens is not null).OrderBy(o => o.Revision).Cast<Outcome?>().LastOrDefault();
        Outcome? latency = outcomes.Where(o => o.Latency is not null || o.TimeToFirstToken is not null).OrderBy(o => o.Revision).Cast<Outcome?>().LastOrDefault();
        if (judged is { } j) evidence.Add(new Outcome { Kind = j.Kind, Quality = j.Quality });
        if (cost is { } c) evidence.Add(new Outcome { CostUsd = c.CostUsd, InputTokens = c.InputTokens });
        if (latency is { } l) Timed(ref evidence, l);
        return evidence;

        // Only a timeout that brings its own latency is censored.
        static void Timed(ref Evidence evidence, in Outcome l)
        {
            evidence.Add(new Outcome { Kind = l.Kind == OutcomeKind.Timeout ? l.Kind : null, Latency = l.Latency, TimeToFirstToken = l.TimeToFirstToken });
            if (l.Kind == OutcomeKind.Timeout) evidence.Remove(new Outcome { Kind = OutcomeKind.Timeout });
        }
    }
}
