using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Segments;
using Bandits.Statistics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Reliability;

/// <summary>A thread works with the settings it read at its start; meanwhile others may have added an arm and used it. An exception inside a gate would stop everybody for good.</summary>
public sealed class StaleSettingsTests
{
    private static readonly Outcome Paid = new() { Kind = OutcomeKind.Success, CostUsd = 0.01, Latency = TimeSpan.FromSeconds(1) };

    /// <summary>The arm's outcomes wait behind the older decision, and are shown to the detectors by whoever reports that.</summary>
    [Theory]
    [InlineData(RestartScope.Arm)]
    [InlineData(RestartScope.Segment)]
    public void Outcomes_of_an_arm_added_meanwhile_reach_its_detectors(RestartScope scope)
    {
        const OutcomeComponents Everything = OutcomeComponents.Quality | OutcomeComponents.Cost | OutcomeComponents.Latency;
        var journal = new InterruptedJournal();
        BanditRouter router = Given.Router(o => (o.Dimensions, o.Drift) = (["area"], new DriftDetection { Scope = scope, Components = Everything }), Given.Twins(3));
        router.Attach(journal);
        SegmentKey segment = router.SegmentOf("api");
        Decision older = router.Force(segment, 0);
        journal.Interruption = () =>
        {
            int added = router.AddArm(new Arm { Id = "added" });
            router.Feed(segment, added, Paid, 30);
        };
        Assert.Equal(Recorded.Applied, router.Record(older, Paid));
        Assert.Equal((1, 30), (router.EvidenceOf(segment, 0).Total, router.EvidenceOf(segment, 3).Total));
        router.Feed(segment, 3, Paid);
        Assert.Equal(31, router.EvidenceOf(segment, 3).Total);
    }

    [Fact]
    public void Restarts_of_an_arm_added_meanwhile_are_carried_to_the_parents()
    {
        BanditRouter router = Given.Router(o => (o.Dimensions, o.ImmediateRollUp) = (["area"], true), Given.Twins(3));
        RouterSettings stale = router.Settings;
        SegmentKey segment = router.SegmentOf("api");
        SegmentKey other = router.SegmentOf("web");
        router.Feed(segment, 0, Paid, 2);
        router.Feed(other, 0, Paid, 3);
        int added = router.AddArm(new Arm { Id = "added" });
        SegmentNode leaf = Assert.Single(router.Nodes.ToArray(), node => node.Key == segment.Packed && node.Plan.IsLeaf);
        RollUp.Carry(stale, leaf, added, Given.Evidence(2, 1));
        Assert.Equal(Given.Evidence(2, 1), router.EvidenceOf(added));
        Assert.Equal(5, router.EvidenceOf(0).Total);
    }

    [Fact]
    public void A_belief_that_an_added_arm_made_stale_is_not_derived_from_older_settings()
    {
        BanditRouter router = Given.Router(o => (o.Strategy, o.Policy, o.Propensities, o.Pooling) = (Strategy.Performance, ThompsonPolicy.Instance, false, false), Given.Twins(3));
        SegmentKey segment = router.SegmentOf();
        router.Feed(segment, 0, Paid);
        Assert.True(router.TryDecide(new Request(segment), out _));
        RouterSettings stale = router.Settings;
        SegmentNode leaf = Assert.Single(router.Nodes.ToArray(), node => node.Plan.IsLeaf);
        Assert.NotNull(leaf.Choices);
        router.Feed(segment, router.AddArm(new Arm { Id = "added" }), Paid);
        Assert.False(leaf.Choices.TryChoose(stale, leaf, 0, new RandomStream(1, 1, StreamPurpose.Policy), 0.5, out _, out _));
        Assert.True(router.TryDecide(new Request(segment), out _));
    }

    /// <summary>A snapshot notes the sequence first and copies segments later; a restart in between ends its epoch beyond that sequence.</summary>
    [Fact]
    public void An_epoch_that_ended_while_the_state_was_copied_ends_at_the_same_place_after_replay()
    {
        BanditRouter router = Given.Router(o => o.Dimensions = ["area"], Given.Twins(2));
        SegmentKey segment = router.SegmentOf("api");
        router.Feed(segment, 0, Paid, 2);
        (RouterState head, int nodes) = router.CaptureHead();
        Decision late = router.Force(segment, 0);
        router.Restart(segment, "arm-0");
        RouterState state = head.With([.. router.CaptureSegments(nodes)], router.CaptureArms(head));

        var faults = new List<string>();
        RouterOptions options = Given.Options(o => o.Dimensions = ["area"], Given.Twins(2));
        BanditRouter replayed = BanditRouter.Replaying(options, state, faults);
        Assert.True(replayed.ReplayOutcome(new Journaling.OutcomeEntry { Decision = late, Counted = Contribution.Of(Paid, double.NaN, double.NaN), Rank = 1, Latest = (long)late.Id.Sequence }, position: 100));
        replayed.EndReplay(options, faults);
        Assert.Empty(faults);
        router.Record(late, Paid);
        Assert.Equal((0, 3), (router.EvidenceOf(segment, 0).Total, router.ClosedEvidenceOf(segment, 0).Total));
        Assert.Equal((0, 3), (replayed.EvidenceOf(segment, 0).Total, replayed.ClosedEvidenceOf(segment, 0).Total));
    }

    [Fact]
    public void A_state_that_claims_an_epoch_of_the_future_does_not_close_decisions_to_come()
    {
        BanditRouter router = Given.Router(o => o.Dimensions = ["area"], Given.Twins(2));
        SegmentKey segment = router.SegmentOf("api");
        router.Feed(segment, 0, Paid, 2);
        router.Restart(segment, "arm-0");
        RouterState state = router.CaptureState();
        state.Segments[0].Ordered!.Epochs[1] = long.MaxValue;
        BanditRouter restored = BanditRouter.Restore(Given.Options(o => o.Dimensions = ["area"], Given.Twins(2)), state, out _);
        restored.Feed(segment, 0, Paid);
        Assert.Equal((1, 2), (restored.EvidenceOf(segment, 0).Total, restored.ClosedEvidenceOf(segment, 0).Total));
    }
}
