using Bandits.Reliability.Disk;
using Bandits.Storage;
using Bandits.Tests.Storage;
using Bandits.Tests.Support;

namespace Bandits.Tests.Laws;

/// <summary>Laws 1, 5, 6, 7 and 10 of a router under one strategy or policy. To put another under the laws, add a line to <c>Suites.cs</c>.</summary>
public abstract class RouterLaws(Action<RouterOptions> configure)
{
    private static readonly string[][] SomeSegments = [["planner", "core", "high"], ["implementer", "docs", "low"], ["implementer", "core", "medium", "large"], []];

    private static readonly Outcome Cancelled = new() { Kind = OutcomeKind.Cancelled };

    /// <summary>Whether every decision has a propensity.</summary>
    private protected virtual bool SaysPropensity => true;

    /// <summary>Whether decisions alone, without outcomes, leave the probabilities as they are.</summary>
    private protected virtual bool IsStill => true;

    /// <summary>Whether a decision that waits for its outcome changes the next one; each is then cancelled before the next is made.</summary>
    private protected virtual bool CountsPending => false;

    private protected BanditRouter Router(Action<RouterOptions>? also = null, params Arm[] arms) => Given.Router(options =>
    {
        configure(options);
        also?.Invoke(options);
    }, arms);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(64)]
    public void Probabilities_are_a_law_and_propensity_is_its_entry(int arms)
    {
        BanditRouter router = Router(null, [.. Enumerable.Range(0, arms).Select(ArmOf)]);
        var traffic = new Traffic((ulong)arms);
        int decided = 0;
        for (int i = 0; i < 400; i++)
        {
            Traffic again = traffic.Fork();
            Request request = traffic.NextRequest(router);
            Explanation before = router.Explain(request);
            Decision decision = again.Step(router);
            traffic = again;
            decided += IsLawful(before, decision) ? 1 : 0;
        }

        Assert.True(decided > 100);
    }

    [Theory]
    [InlineData(3, 1UL)]
    [InlineData(64, 2UL)]
    public void Frequencies_match_the_probabilities(int arms, ulong seed)
    {
        BanditRouter router = Router(null, [.. Enumerable.Range(0, arms).Select(ArmOf)]);
        new Traffic(seed).Run(router, 600);
        SegmentKey segment = router.SegmentOf("v0", "v1", "v0", "v1");
        Explanation law = router.Explain(new Request(segment));
        if (!SaysPropensity || !IsStill) return;
        var counts = new long[arms];
        for (int i = 0; i < (CountsPending ? 2_000 : 40_000); i++)
        {
            Assert.True(router.TryDecide(new Request(segment), out Decision decision));
            counts[decision.Arm]++;
            if (CountsPending) router.Record(decision, Cancelled);
        }

        Goodness.Fits(counts, [.. law.Arms.Select(arm => arm.Probability)]);
    }

    [Fact]
    public void Constrained_frequencies_match_the_probabilities()
    {
        BanditRouter router = Router();
        new Traffic(3).Run(router, 600);
        var request = new Request(router.SegmentOf("v0", "v1", "v0", "v1")) { ExcludedArms = new[] { 2 }, TimeTicks = Given.Ticks * 2 };
        if (!SaysPropensity || !IsStill) return;
        Explanation law = router.Explain(request);
        Assert.Equal(0, law.Arms[2].Probability);
        var counts = new long[4];
        for (int i = 0; i < (CountsPending ? 2_000 : 20_000); i++)
        {
            Assert.True(router.TryDecide(request, out Decision decision));
            counts[decision.Arm]++;
            if (CountsPending) router.Record(decision, Cancelled);
        }

        Goodness.Fits(counts, [.. law.Arms.Select(arm => arm.Probability)]);
    }

    [Fact]
    public void Ten_thousand_arms_are_decided_among()
    {
        BanditRouter router = Router(null, [.. Enumerable.Range(0, 10_000).Select(ArmOf)]);
        SegmentKey segment = router.SegmentOf("a");
        for (int i = 0; i < 5; i++)
        {
            Explanation before = router.Explain(new Request(segment));
            Assert.True(router.TryDecide(new Request(segment), out Decision decision));
            Assert.True(IsLawful(before, decision));
            router.Record(decision, new Outcome { Kind = i % 2 == 0 ? OutcomeKind.Success : OutcomeKind.Failed, CostUsd = 0.01 });
        }
    }

    [Fact]
    public void Relabelling_arms_permutes_the_probabilities()
    {
        for (int round = 0; round < 8; round++)
        {
            var random = new Random(round);
            Arm[] arms = [.. Enumerable.Range(0, 6).Select(ArmOf)];
            if (round % 2 == 1) arms[1] = arms[1] with { InputUsdPerMillionTokens = arms[0].InputUsdPerMillionTokens, OutputUsdPerMillionTokens = arms[0].OutputUsdPerMillionTokens };
            Arm[] relabelled = [.. arms];
            random.Shuffle(relabelled);
            BanditRouter one = Router(null, arms), other = Router(null, relabelled);
            var joined = new List<JoinedEvidence>();
            foreach (string[] segment in SomeSegments)
            {
                foreach (Arm arm in arms)
                {
                    int good = random.Next(20), bad = random.Next(20);
                    if (round % 2 == 1 && arm.Id == "arm-1") continue;
                    foreach (BanditRouter router in (BanditRouter[])[one, other]) router.Feed(router.SegmentOf(segment), router.IndexOf(arm.Id), good % 3, bad % 3);
                    joined.Add(new JoinedEvidence(segment, arm.Id, Given.Evidence(good, bad, random.NextDouble() * 0.05)));
                }
            }

            one.Join("import", 1, 0.5, joined);
            other.Join("import", 1, 0.5, joined);
            foreach (string[] segment in SomeSegments)
            {
                Explanation x = one.Explain(new Request(one.SegmentOf(segment))), y = other.Explain(new Request(other.SegmentOf(segment)));
                foreach (ArmExplanation arm in x.Arms) Assert.Equal(arm.Probability, y.Arms[other.IndexOf(arm.ArmId)].Probability, 1e-9);
                Assert.Equal(x.Confidence, y.Confidence, 1e-9);
            }
        }
    }

    [Fact]
    public void Same_calls_give_the_same_decisions_and_the_same_state()
    {
        BanditRouter one = Router(), other = Router();
        Assert.Equal(new Traffic(11).Run(one, 3_000), new Traffic(11).Run(other, 3_000));
        Assert.Equal(StateText.Of(one), StateText.Of(other));
    }

    [Fact]
    public void Router_issued_ids_give_the_same_decisions_too()
    {
        BanditRouter one = Router(), other = Router();
        Assert.Equal(new Traffic(12, suppliesIds: false).Run(one, 1_000), new Traffic(12, suppliesIds: false).Run(other, 1_000));
    }

    [Fact]
    public void Reading_changes_nothing()
    {
        BanditRouter read = Router(), left = Router();
        Traffic one = new(13), other = new(13);
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(one.Run(read, 40), other.Run(left, 40));
            SegmentKey unseen = read.SegmentOf("v0", "v0", "v0");
            read.Explain(new Request(unseen) { TimeTicks = Given.Ticks });
            read.BeliefOf(unseen, 1);
            read.EvidenceOf(unseen, 2);
            read.EvidenceOf(0);
            read.ExplorationRateOf(unseen);
            read.Summarize();
            read.Segments();
            read.CaptureState();
            Assert.Equal(StateText.Of(left), StateText.Of(read));
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_restored_router_decides_the_next_ten_thousand_alike(bool pooling, bool immediate)
    {
        BanditRouter router = Router(o => (o.Pooling, o.ImmediateRollUp, o.LedgerCapacity) = (pooling, immediate, 256));
        var traffic = new Traffic(21);
        traffic.Run(router, 1_000);
        router.Join("history", 3, 0.5, [new JoinedEvidence(new[] { "v0", "v1", "v1", "v0" }, "advanced", Given.Evidence(40, 9, 0.03)), new JoinedEvidence(new[] { "v1" }, "local", Given.Evidence(7, 8))]);
        router.DisableArm("local");
        router.AddArm(new Arm { Id = "late", Provider = "east", Capabilities = ["review", "code"], PriorQuality = 0.8, ContextWindow = 128_000 });
        traffic.Run(router, 500);
        router.EnableArm("local");
        router.RetireArm("standard");
        traffic.Run(router, 531);

        RouterState state = RouterSnapshot.FromBytes(RouterSnapshot.ToBytes(router.CaptureState()));
        BanditRouter restored = BanditRouter.Restore(Given.Options(o =>
        {
            configure(o);
            (o.Pooling, o.ImmediateRollUp, o.LedgerCapacity) = (pooling, immediate, 256);
        }), state, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        Assert.Equal(StateText.Of(router), StateText.Of(restored));
        Traffic same = traffic.Fork();
        for (int i = 0; i < 10_000; i++) Assert.Equal(traffic.Step(router), same.Step(restored));
        Assert.Equal(StateText.Of(router), StateText.Of(restored));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_router_recovered_from_its_journal_decides_the_next_two_thousand_alike(bool hasSnapshot)
    {
        RouterOptions options = Given.Options(o =>
        {
            configure(o);
            o.LedgerCapacity = 256;
        });
        var how = new RouterStoreOptions { QueueBytes = 1 << 22, SegmentBytes = 1 << 23, Durability = Durability.None };
        var disk = new FaultyDisk();
        using RouterStore store = RouterStore.Open("/store", options, how, TimeProvider.System, disk.Mount());
        var traffic = new Traffic(23);
        traffic.Run(store.Router, 400);
        if (hasSnapshot) store.SaveSnapshot();
        traffic.Run(store.Router, 400);
        store.Router.AddArm(new Arm { Id = "late", Provider = "east", Capabilities = ["review", "code"], PriorQuality = 0.8, ContextWindow = 128_000 });
        traffic.Run(store.Router, 200);
        store.Flush();
        Assert.Equal(0, store.Statistics.Dropped);

        using RouterStore recovered = RouterStore.Open("/store", options, how, TimeProvider.System, disk.Copy().Mount());
        Assert.True(recovered.Recovery.IsClean, string.Join("\n", recovered.Recovery.Faults));
        States.AssertSame(store.Router.CaptureState(), recovered.Router.CaptureState());
        Traffic same = traffic.Fork();
        for (int i = 0; i < 2_000; i++) Assert.Equal(traffic.Step(store.Router), same.Step(recovered.Router));
    }

    [Fact]
    public void Deciding_and_recording_allocate_nothing()
    {
        const int Calls = 100_000;
        BanditRouter router = Router(o => o.LedgerCapacity = 1 << 17);
        var traffic = new Traffic(31, suppliesIds: false);
        traffic.Run(router, 2_000);
        var free = new Request(router.SegmentOf("v0", "v1", "v0", "v1"));
        var constrained = free with { ExcludedArms = new[] { 1 }, RequiredCapabilities = router.Capabilities("code"), MaxCostUsd = 10, TimeTicks = Given.Ticks * 2 };
        var outcome = new Outcome { Kind = OutcomeKind.Partial, Quality = 0.25, CostUsd = 0.001, Latency = TimeSpan.FromSeconds(1), InputTokens = 100, OutputTokens = 20 };
        var decisions = new Decision[Calls];
        for (int warm = 0; warm < 3_000; warm++) Work(router, free, constrained, outcome, decisions, warm);

        // A collection that another thread starts meanwhile books the unused rest of this thread's buffer (up to 8 KB), so a second look is allowed.
        (long, long, long, long) allocated = default;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++) router.TryDecide(free, out decisions[i]);
            long decided = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++) router.Record(decisions[i], outcome);
            long recorded = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls / 10; i++) router.TryDecide(constrained, out decisions[i]);
            long bound = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls / 10; i++) Work(router, free, constrained, outcome, decisions, i);
            long mixed = GC.GetAllocatedBytesForCurrentThread();
            allocated = (decided - before, recorded - decided, bound - recorded, mixed - bound);
            if (allocated == default) break;
        }

        Assert.Equal((0, 0, 0, 0), allocated);

        static void Work(BanditRouter router, in Request free, in Request constrained, in Outcome outcome, Decision[] decisions, int at)
        {
            router.TryDecide(at % 2 == 0 ? free : constrained, out decisions[at]);
            router.Record(decisions[at], outcome);
            router.Record(decisions[at], outcome with { Revision = 1, Quality = 0.5 });
        }
    }

    private static Arm ArmOf(int i) => new()
    {
        Id = $"arm-{i}",
        Provider = $"provider-{i % 5}",
        Tier = (ArmTier)(i % 3),
        Capabilities = i % 2 == 0 ? ["code", "review"] : ["code", "planning"],
        InputUsdPerMillionTokens = i % 7 * 0.5,
        OutputUsdPerMillionTokens = i % 7 * 2.5,
        ContextWindow = i % 3 == 0 ? null : 100_000 * (i % 3),
        PriorQuality = 0.3 + i % 4 * 0.1,
    };

    private bool IsLawful(Explanation law, in Decision decision)
    {
        double sum = 0;
        foreach (ArmExplanation arm in law.Arms)
        {
            if (arm.WhyNot != Ineligibility.None) Assert.Equal(0, arm.Probability);
            else if (SaysPropensity) Assert.True(arm.Probability is >= 0 and <= 1, $"{arm.ArmId} has probability {arm.Probability}.");
            sum += arm.Probability;
        }

        if (decision.Arm < 0)
        {
            Assert.NotEqual(Ineligibility.None, decision.WhyNone);
            Assert.All(law.Arms, arm => Assert.NotEqual(Ineligibility.None, arm.WhyNot));
            return false;
        }

        Assert.Equal(Ineligibility.None, law.Arms[decision.Arm].WhyNot);
        Assert.Equal(law.Arms[decision.Arm].Probability, decision.Propensity);
        Assert.True(SaysPropensity ? decision.Propensity is > 0 and <= 1 : double.IsNaN(decision.Propensity));
        if (SaysPropensity) Assert.Equal(1, sum, 1e-12);
        return true;
    }
}
