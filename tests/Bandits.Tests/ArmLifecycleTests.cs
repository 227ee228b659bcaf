using Bandits.Tests.Support;

namespace Bandits.Tests;

/// <summary>Arms come and go at run time; what was learnt stays.</summary>
public sealed class ArmLifecycleTests
{
    [Fact]
    public void A_disabled_or_retired_arm_keeps_its_evidence_and_has_probability_zero()
    {
        BanditRouter router = Given.Router(o => o.Policy = Bandits.Policies.UniformPolicy.Instance);
        SegmentKey segment = router.SegmentOf("planner");
        Decision open = router.Force(segment, 1);
        router.Feed(segment, 1, 7, 3);
        router.DisableArm("standard");
        Assert.Equal(0, router.Explain(new Request(segment)).Arms[1].Probability);
        Assert.Equal(Recorded.Applied, router.Record(open, new Outcome { Kind = OutcomeKind.Success }));
        Assert.True(router.EvidenceOf(segment, 1) == Given.Evidence(8, 3));
        router.EnableArm("standard");
        Assert.Equal(0.25, router.Explain(new Request(segment)).Arms[1].Probability, 1e-12);
        router.RetireArm("standard");
        Assert.Throws<InvalidOperationException>(() => router.EnableArm("standard"));
        Assert.Throws<ArgumentException>(() => router.AddArm(new Arm { Id = "standard" }));
        Assert.True(router.EvidenceOf(segment, 1) == Given.Evidence(8, 3));
    }

    [Fact]
    public void An_added_arm_takes_part_at_once()
    {
        BanditRouter router = Given.Router(o => o.Policy = Bandits.Policies.UniformPolicy.Instance);
        SegmentKey segment = router.SegmentOf("planner");
        router.Feed(segment, 0, 5, 5);
        int added = router.AddArm(new Arm { Id = "new", Capabilities = ["juggling"], Provider = "east" });
        Assert.Equal((4, 4, 5), (added, router.IndexOf("new"), router.ArmCount));
        Assert.Equal(0.2, router.Explain(new Request(segment)).Arms[4].Probability, 1e-12);
        Assert.True(router.TryDecide(new Request(segment) { RequiredCapabilities = router.Capabilities("juggling") }, out Decision decision));
        Assert.Equal(4, decision.Arm);
        router.Feed(segment, 4, 2, 1);
        Assert.True(router.EvidenceOf(segment, 4) == Given.Evidence(2, 1));
    }

    [Fact]
    public void Capabilities_and_providers_are_bounded_and_a_surplus_is_refused()
    {
        var router = new BanditRouter(new RouterOptions());
        for (int i = 0; i < 63; i++) router.AddArm(new Arm { Id = $"{i}", Capabilities = [$"c{i}"], Provider = $"p{i}" });
        Assert.Throws<ArgumentException>(() => router.AddArm(new Arm { Id = "x", Capabilities = ["one more"] }));
        router.AddArm(new Arm { Id = "63", Provider = "p63" });
        Assert.Throws<ArgumentException>(() => router.AddArm(new Arm { Id = "y", Provider = "p64" }));
        Assert.Equal(64, router.ArmCount);
        Assert.True(router.TryDecide(new Request { RequiredCapabilities = router.Capabilities("c62") }, out Decision decision));
        Assert.Equal(62, decision.Arm);
    }

    [Fact]
    public void An_arm_is_found_by_its_id_or_not()
    {
        BanditRouter router = Given.Router();
        Assert.True(router.TryIndexOf("advanced", out int index));
        Assert.Equal((2, "advanced"), (index, router.ArmAt(index).Id));
        Assert.False(router.TryIndexOf("nobody", out _));
    }
}
