using Bandits.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests;

public sealed class RestartTests
{
    private static readonly Outcome Success = new() { Kind = OutcomeKind.Success };
    private static readonly Outcome Failure = new() { Kind = OutcomeKind.Failed };

    private static BanditRouter Watching(RestartScope scope = RestartScope.Arm, int maturity = 64) =>
        Given.Router(o => (o.Dimensions, o.Drift, o.ImmediateRollUp) = (["area"], new DriftDetection { Scope = scope, Maturity = maturity }, true), Given.Twins(3));

    [Fact]
    public void A_change_closes_the_epoch_and_belief_starts_anew()
    {
        BanditRouter router = Watching();
        SegmentKey segment = router.SegmentOf("api");
        router.Feed(segment, 0, Success, 300);
        router.Feed(segment, 1, Success, 50);
        Assert.Equal(0, router.RestartCount);
        router.Feed(segment, 0, Failure, 40);
        Assert.Equal((1, 1L, 0L), (router.RestartCount, router.RestartsOf(segment, 0), router.RestartsOf(segment, 1)));
        Assert.True(router.BeliefOf(segment, 0).QualityMean < 0.2, "The old epoch is still believed.");
        Assert.Equal(50, router.EvidenceOf(segment, 1).QualityCount);

        Evidence closed = router.ClosedEvidenceOf(segment, 0), open = router.EvidenceOf(segment, 0);
        Assert.Equal((340L, 300.0), (closed.QualityCount + open.QualityCount, closed.QualitySum + open.QualitySum));
        Assert.Equal(open, router.EvidenceOf(0)); // the parent holds the open epoch
    }

    [Fact]
    public void A_segment_restarts_as_a_whole_where_that_is_asked()
    {
        BanditRouter router = Watching(RestartScope.Segment);
        SegmentKey segment = router.SegmentOf("api");
        router.Feed(segment, 1, Success, 50);
        router.Feed(segment, 0, Success, 300);
        router.Feed(segment, 0, Failure, 40);
        Assert.Equal((1L, 1L, 1L), (router.RestartsOf(segment, 0), router.RestartsOf(segment, 1), router.RestartsOf(segment, 2)));
        Assert.Equal((50L, 0L), (router.ClosedEvidenceOf(segment, 1).QualityCount, router.EvidenceOf(segment, 1).QualityCount));
    }

    [Fact]
    public void Outcomes_of_decisions_before_the_restart_belong_to_the_closed_epoch()
    {
        BanditRouter router = Watching();
        SegmentKey segment = router.SegmentOf("api");
        Decision late = router.Force(segment, 0), corrected = router.Force(segment, 0);
        router.Record(corrected, Success);
        router.Feed(segment, 0, Success, 300);
        router.Feed(segment, 0, Failure, 40);
        Assert.Equal(1, router.RestartsOf(segment, 0));
        (Evidence closed, Evidence open) = (router.ClosedEvidenceOf(segment, 0), router.EvidenceOf(segment, 0));
        Assert.Equal(Recorded.Applied, router.Record(late, Success));
        Assert.Equal(Recorded.Corrected, router.Record(corrected, Failure with { Revision = 1 }));
        Assert.Equal(open, router.EvidenceOf(segment, 0));
        closed.Add(Success);
        closed.Remove(Success);
        closed.Add(Failure);
        Assert.Equal(closed, router.ClosedEvidenceOf(segment, 0));
    }

    /// <summary>Successes take 30 decisions, failures none. In order of arrival the past would look darker than the present at every moment.</summary>
    [Fact]
    public void Failures_that_return_sooner_are_no_change()
    {
        BanditRouter router = Watching();
        SegmentKey segment = router.SegmentOf("api");
        var waiting = new Queue<Decision>();
        var random = Given.Random(5);
        for (int i = 0; i < 3000; i++)
        {
            Decision decision = router.Force(segment, 0);
            if (random.NextUnit() < 0.3) router.Record(decision, Failure);
            else waiting.Enqueue(decision);
            if (waiting.Count > 20) router.Record(waiting.Dequeue(), Success);
        }

        Assert.Equal(0, router.RestartCount);
    }

    [Fact]
    public void A_price_that_rises_is_a_change_where_cost_is_watched()
    {
        BanditRouter router = Watching();
        SegmentKey segment = router.SegmentOf("api");
        router.Feed(segment, 0, Success with { CostUsd = 0.0025 }, 300);
        router.Feed(segment, 0, Success with { CostUsd = 0.0125 }, 300);
        Assert.Equal(1, router.RestartsOf(segment, 0));
        Assert.Equal(0.0125, router.Explain(new Request(segment)).Arms[0].CostUsd, 0.001);
    }

    [Fact]
    public void Restarts_survive_a_capture()
    {
        BanditRouter router = Watching();
        SegmentKey segment = router.SegmentOf("api");
        router.Feed(segment, 0, Success, 300);
        router.Feed(segment, 0, Failure, 40);
        RouterState state = router.CaptureState();
        BanditRouter restored = BanditRouter.Restore(
            Given.Options(o => (o.Dimensions, o.Drift, o.ImmediateRollUp, o.Incarnation) = (["area"], new DriftDetection(), true, 2), Given.Twins(3)), state, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        Assert.Equal(router.RestartsOf(segment, 0), restored.RestartsOf(segment, 0));
        Assert.Equal(router.ClosedEvidenceOf(segment, 0), restored.ClosedEvidenceOf(segment, 0));
        Assert.Equal(router.EvidenceOf(segment, 0), restored.EvidenceOf(segment, 0));
    }

    [Fact]
    public void A_closed_epoch_stays_closed_in_a_router_that_no_longer_watches()
    {
        BanditRouter router = Watching();
        SegmentKey segment = router.SegmentOf("api");
        Decision late = router.Force(segment, 0);
        router.Feed(segment, 0, Success, 300);
        router.Feed(segment, 0, Failure, 40);
        BanditRouter restored = BanditRouter.Restore(
            Given.Options(o => (o.Dimensions, o.ImmediateRollUp, o.Incarnation) = (["area"], true, 2), Given.Twins(3)), router.CaptureState(), out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        (Evidence closed, Evidence open) = (restored.ClosedEvidenceOf(segment, 0), restored.EvidenceOf(segment, 0));
        Assert.Equal(Recorded.Applied, restored.Record(late, Success));
        Assert.Equal(open, restored.EvidenceOf(segment, 0));
        closed.Add(Success);
        Assert.Equal(closed, restored.ClosedEvidenceOf(segment, 0));
    }

    /// <summary>What others observed may be of any epoch.</summary>
    [Fact]
    public void Joined_evidence_does_not_outweigh_a_restart()
    {
        BanditRouter router = Watching();
        SegmentKey segment = router.SegmentOf("api");
        router.Join("elsewhere", 1, 1, [new JoinedEvidence(new[] { "api" }, "arm-0", Given.Evidence(5000, 0))]);
        router.Feed(segment, 0, Success, 300);
        Assert.True(router.BeliefOf(segment, 0).QualityMean > 0.99, "Joined evidence counts until the restart.");
        router.Feed(segment, 0, Failure, 40);
        Assert.Equal(1, router.RestartsOf(segment, 0));
        Assert.True(router.BeliefOf(segment, 0).QualityMean < 0.5, $"After the restart {router.BeliefOf(segment, 0).QualityMean} is believed.");
    }

    [Fact]
    public void A_policy_with_a_state_of_its_own_starts_anew()
    {
        BanditRouter router = Given.Router(
            o => (o.Dimensions, o.Drift, o.Strategy, o.Policy) = (["area"], new DriftDetection(), Strategy.Performance, new TsallisInfPolicy()), Given.Twins(3));
        SegmentKey segment = router.SegmentOf("api");
        router.Feed(segment, 0, Success, 300);
        double before = router.PolicyStateOf(segment)[0];
        router.Feed(segment, 0, Failure, 40);
        Assert.Equal(1, router.RestartsOf(segment, 0));
        Assert.Equal(300, before);
        Assert.InRange(router.PolicyStateOf(segment)[0], 0, 39);
    }

    [Fact]
    public void A_new_epoch_reaches_the_parents_from_its_first_outcome_on()
    {
        BanditRouter router = Given.Router(o => o.Dimensions = ["area"], Given.Twins(2));
        SegmentKey segment = router.SegmentOf("api");
        router.Feed(segment, 0, Success, 5000);
        router.Restart(segment, "arm-0");
        Assert.Equal(0, router.EvidenceOf(0).Total);
        router.Feed(segment, 0, Success);
        Assert.Equal(1, router.EvidenceOf(0).Total);
    }

    [Fact]
    public void A_correction_takes_nothing_from_a_policy_that_has_forgotten_what_it_corrects()
    {
        BanditRouter router = Given.Router(o => (o.Dimensions, o.Policy) = (["area"], new TsallisInfPolicy()), Given.Twins(3));
        SegmentKey segment = router.SegmentOf("api");
        Decision early = router.Force(segment, 1);
        router.Record(early, Success);
        router.Restart(segment, "arm-0"); // clears what the policy knows of all arms
        router.Feed(segment, 1, Success);
        double[] expected = router.PolicyStateOf(segment);
        Assert.Contains(expected, number => number != 0);
        Assert.Equal(Recorded.Corrected, router.Record(early, Failure with { Revision = 1 }));
        Assert.Equal(expected, router.PolicyStateOf(segment));
        Assert.Equal(1, router.EvidenceOf(segment, 1).QualitySum); // the evidence is corrected all the same
    }
}
