using Bandits.Tests.Support;

namespace Bandits.Tests;

/// <summary>Attempts made because another arm's answer was not good enough see hard tasks only: they have cells of their own.</summary>
public sealed class AttemptTests
{
    private readonly BanditRouter _router = Given.Router();
    private readonly SegmentKey _segment;

    public AttemptTests() => _segment = _router.SegmentOf("planner", "core");

    private Decision Again(int arm, int attempt = 1)
    {
        int[] others = [.. Enumerable.Range(0, 4).Where(other => other != arm)];
        Assert.True(_router.TryDecide(new Request(_segment) { IsAfterFailure = true, Attempt = attempt, ExcludedArms = others }, out Decision decision));
        return decision;
    }

    [Fact]
    public void After_a_failure_evidence_goes_to_cells_of_its_own()
    {
        _router.Feed(_segment, 1, 3, 1);
        Decision again = Again(1);
        Assert.Equal(DecisionTraits.AfterFailure, again.Traits & DecisionTraits.AfterFailure);
        Assert.Equal(Recorded.Applied, _router.Record(again, new Outcome { Kind = OutcomeKind.Failed, Attempt = 1 }));
        Assert.Equal((4, 1), (_router.EvidenceOf(_segment, 1).Total, _router.ConditionalEvidenceOf(_segment, 1).Total));
        Assert.Equal(4, _router.EvidenceOf(1).Total); // nor do the parents have it
        Assert.Equal(Recorded.Corrected, _router.Record(again, new Outcome { Kind = OutcomeKind.Success, Attempt = 1, Revision = 1 }));
        Assert.Equal((1.0, 0), (_router.ConditionalEvidenceOf(_segment, 1).QualitySum, _router.ConditionalEvidenceOf(_segment, 1).CountOf(OutcomeKind.Failed)));
    }

    [Fact]
    public void Its_belief_begins_where_the_segments_stands_and_lends_nothing_back()
    {
        _router.Feed(_segment, 1, 90, 10);
        var request = new Request(_segment) { IsAfterFailure = true, Attempt = 1 };
        double before = _router.Explain(new Request(_segment)).Arms[1].QualityMean, first = _router.Explain(request).Arms[1].QualityMean;
        Assert.InRange(first, 0.75, before);
        for (int i = 0; i < 50; i++) _router.Record(Again(1), new Outcome { Kind = OutcomeKind.Failed, Attempt = 1 });
        Assert.InRange(_router.Explain(request).Arms[1].QualityMean, 0, 0.25);
        Assert.Equal(before, _router.Explain(new Request(_segment)).Arms[1].QualityMean);
    }

    [Fact]
    public void A_new_outcome_of_the_segment_is_seen_at_the_next_attempt()
    {
        Again(1);
        double before = _router.Explain(new Request(_segment) { IsAfterFailure = true, Attempt = 1 }).Arms[1].QualityMean;
        _router.Feed(_segment, 1, 20, 0);
        Assert.True(_router.Explain(new Request(_segment) { IsAfterFailure = true, Attempt = 1 }).Arms[1].QualityMean > before + 0.05);
    }

    [Fact]
    public void The_session_does_not_hold_on_to_the_arm_that_failed()
    {
        ulong session = Request.SessionOf("s");
        Assert.True(_router.TryDecide(new Request(_segment) { Session = session }, out Decision first));
        Assert.True(_router.TryDecide(new Request(_segment) { Session = session, IsAfterFailure = true, Attempt = 1, ExcludedArms = new[] { first.Arm } }, out Decision second));
        Assert.NotEqual(first.Arm, second.Arm);
        Assert.Equal(default, second.Traits & DecisionTraits.Sticky);
        Assert.True(_router.TryDecide(new Request(_segment) { Session = session }, out Decision third));
        Assert.Equal(first.Arm, third.Arm);
    }

    [Fact]
    public void An_attempt_after_a_failure_is_never_the_first()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _router.TryDecide(new Request(_segment) { IsAfterFailure = true }, out _));
        Assert.Equal(1, _router.RefusedCount);
    }

    [Fact]
    public void Its_cells_are_captured_and_restored()
    {
        _router.Feed(_segment, 1, 3, 1);
        Decision again = Again(2, attempt: 7);
        _router.Record(again, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.25, Attempt = 7 });
        BanditRouter restored = BanditRouter.Restore(Given.Options(), _router.CaptureState(), out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        Assert.Equal(0.25, restored.ConditionalEvidenceOf(_segment, 2).CostSumUsd);
        Assert.Equal(StateText.Of(_router), StateText.Of(restored));
        Assert.Equal(Recorded.AlreadyKnown, restored.Record(again, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.25, Attempt = 7 }));
        Assert.Single(restored.Segments());
    }
}
