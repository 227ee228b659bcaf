using Bandits.Numerics;
using Bandits.Tests.Support;

namespace Bandits.Tests;

public sealed class BestArmTests
{
    [Fact]
    public void It_is_found_by_peeking_and_stays_found()
    {
        BanditRouter router = Given.Router(o => o.CostWeight = 0, Given.Twins(3));
        SegmentKey segment = router.SegmentOf("planner");
        RandomStream random = Given.Random(4);
        double[] quality = [0.2, 0.9, 0.3];
        int outcomes = 0;
        BestArmVerdict verdict = router.BestArm(segment);
        Assert.False(verdict.IsSettled);
        while (!verdict.IsSettled && outcomes < 3_000)
        {
            int arm = outcomes++ % 3;
            bool isGood = random.NextUnit() < quality[arm];
            router.Feed(segment, arm, isGood ? 1 : 0, isGood ? 0 : 1);
            verdict = router.BestArm(segment);
            if (verdict.IsSettled) Assert.True(verdict.Statistic > verdict.Threshold);
        }

        Assert.Equal((1, true), (verdict.Arm, verdict.IsSettled));
        Assert.InRange(outcomes, 20, 600);

        router.Feed(segment, 1, 0, 500);
        verdict = router.BestArm(segment);
        Assert.Equal((1, true), (verdict.Arm, verdict.IsSettled));
        Assert.True(router.BestArm(segment, 0.01).Arm != 1); // another question, asked anew
        router.BestArm(segment);
        router.AddArm(new Arm { Id = "late" });
        Assert.False(router.BestArm(segment).IsSettled);
    }

    [Fact]
    public void Borrowed_and_joined_evidence_settle_nothing()
    {
        BanditRouter router = Given.Router(null, Given.Twins(2));
        router.Join("history", 1, 1, [new JoinedEvidence(new[] { "planner" }, "arm-0", Given.Evidence(500, 0)),
            new JoinedEvidence(new[] { "planner" }, "arm-1", Given.Evidence(0, 500))]);
        router.Feed(router.SegmentOf("other"), 0, 300, 0);
        router.Feed(router.SegmentOf("other"), 1, 0, 300);
        Assert.False(router.BestArm(router.SegmentOf("planner")).IsSettled);
        Assert.Equal(0, router.BestArm(router.SegmentOf("planner")).Statistic);
        Assert.Equal((0, true), (router.BestArm(router.SegmentOf("other")).Arm, router.BestArm(router.SegmentOf("other")).IsSettled));
    }

    [Fact]
    public void A_detected_change_opens_the_question_again()
    {
        BanditRouter router = Given.Router(o => o.Drift = new DriftDetection(), Given.Twins(2));
        SegmentKey segment = router.SegmentOf("planner");
        for (int i = 0; i < 200; i++)
        {
            router.Feed(segment, 0, 1, 0);
            router.Feed(segment, 1, 0, 1);
        }

        Assert.Equal((0, true), (router.BestArm(segment).Arm, router.BestArm(segment).IsSettled));
        for (int i = 0; i < 200; i++) router.Feed(segment, 0, 0, 1);
        Assert.True(router.RestartsOf(segment, 0) > 0);
        Assert.False(router.BestArm(segment) is { IsSettled: true, Arm: 0 });
    }

    [Fact]
    public void One_arm_is_settled_and_none_is_not()
    {
        BanditRouter router = Given.Router(null, Given.Twins(2));
        router.DisableArm("arm-0");
        Assert.Equal((1, true), (router.BestArm(default).Arm, router.BestArm(default).IsSettled));
        router.DisableArm("arm-1");
        Assert.Equal((-1, false), (router.BestArm(default).Arm, router.BestArm(default).IsSettled));
        Assert.Throws<ArgumentOutOfRangeException>(() => router.BestArm(default, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => router.BestArm(default, double.NaN));
    }
}
