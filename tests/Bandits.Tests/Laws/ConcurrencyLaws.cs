using System.Collections.Concurrent;
using Bandits.Tests.Support;

namespace Bandits.Tests.Laws;

/// <summary>Law 6 under concurrency: the evidence is that of a serial account, to the last bit, and nobody ever reads an impossible cell.</summary>
public sealed class ConcurrencyLaws
{
    private const int Threads = 8;
    private const int Rounds = 4_000;
    private static readonly string[][] Segments = [["planner", "core"], ["planner", "docs"], ["implementer", "core"], ["implementer", "docs", "high"]];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_threads_leave_the_evidence_of_one(bool immediate)
    {
        BanditRouter router = Given.Router(o => (o.LedgerCapacity, o.ImmediateRollUp) = (1 << 16, immediate));
        SegmentKey[] segments = [.. Segments.Select(s => router.SegmentOf(s))];
        var made = new ConcurrentBag<Decision>();
        var handed = new ConcurrentQueue<Decision>();
        using var over = new CancellationTokenSource();
        Task[] readers = [Task.Run(() => Read(router, segments, over.Token))];
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            for (int i = 0; i < Rounds; i++)
            {
                Assert.True(router.TryDecide(new Request(segments[random.Next(segments.Length)]), out Decision decision));
                made.Add(decision);
                handed.Enqueue(decision);
                foreach (Outcome outcome in OutcomesOf(decision)) Deliver(router, decision, outcome, random);

                // Another thread's decision, again and in another order.
                if (handed.TryDequeue(out Decision other))
                    foreach (Outcome outcome in OutcomesOf(other).Reverse()) Deliver(router, other, outcome, random);
                if (thread == 0 && i % 500 == 499) router.AddArm(new Arm { Id = $"late-{i}", PriorQuality = 0.6 });
                if (thread == 1 && i % 700 == 699) router.Join("elsewhere", i, 0.5, [new JoinedEvidence(Segments[i % 4], "fast", Given.Evidence(i % 50, 3))]);
            }
        })));
        foreach (Decision decision in made)
            foreach (Outcome outcome in OutcomesOf(decision)) router.Record(decision, outcome);
        await over.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Equal(Threads * Rounds, made.Select(d => d.Id).Distinct().Count());
        Assert.InRange(router.DecisionCount, made.Max(d => (long)d.Id.Sequence), 2 * Threads * Rounds); // blocks may leave some unused
        var expected = new Dictionary<(SegmentKey, int), Evidence>();
        foreach (Decision decision in made)
        {
            Evidence cell = expected.GetValueOrDefault((decision.Segment, decision.Arm));
            cell.Add(Final(decision));
            expected[(decision.Segment, decision.Arm)] = cell;
        }

        foreach (SegmentKey segment in segments)
            for (int arm = 0; arm < router.ArmCount; arm++)
                Assert.Equal(Given.Words(expected.GetValueOrDefault((segment, arm))), Given.Words(router.EvidenceOf(segment, arm)));
        if (!immediate) return;
        for (int arm = 0; arm < router.ArmCount; arm++)
        {
            Evidence all = default;
            foreach (SegmentKey segment in segments) all.Add(router.EvidenceOf(segment, arm));
            Assert.True(all == router.EvidenceOf(arm));
        }
    }

    [Fact]
    public async Task Racing_reports_of_one_decision_count_once()
    {
        BanditRouter router = Given.Router();
        SegmentKey segment = router.SegmentOf("planner");
        for (int round = 0; round < 300; round++)
        {
            Decision decision = router.Force(segment, 2);
            Recorded[] answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 1 }))));
            Assert.Equal(1, answers.Count(answer => answer == Recorded.Applied));
        }

        Assert.Equal((300L, 300.0), (router.EvidenceOf(segment, 2).Total, router.EvidenceOf(segment, 2).CostSumUsd));
    }

    [Fact]
    public async Task Racing_with_eviction_counts_each_decision_once_or_refuses_it()
    {
        BanditRouter router = Given.Router(o => (o.LedgerCapacity, o.Dimensions) = (16, []));
        int applied = 0;
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            var mine = new Queue<Decision>();
            for (int i = 0; i < 5_000; i++)
            {
                Assert.True(router.TryDecide(default, out Decision decision));
                mine.Enqueue(decision);
                if (mine.Count < 3) continue;
                if (router.Record(mine.Dequeue(), new Outcome { Kind = OutcomeKind.Failed }) == Recorded.Applied) Interlocked.Increment(ref applied);
            }
        })));
        long total = Enumerable.Range(0, 4).Sum(arm => router.EvidenceOf(default, arm).Total);
        Assert.Equal(applied, total);
        Assert.InRange(applied, 1, Threads * 5_000);
    }

    private static void Read(BanditRouter router, SegmentKey[] segments, CancellationToken over)
    {
        for (int i = 0; !over.IsCancellationRequested; i++)
        {
            SegmentKey segment = segments[i % segments.Length];
            int arm = i % router.ArmCount;
            Assert.True(router.EvidenceOf(segment, arm).IsPlausible);
            Assert.True(router.EvidenceOf(arm).IsPlausible);
            Assert.Equal(1, router.Explain(new Request(segment)).Arms.Sum(a => a.Probability), 1e-12);
            if (i % 64 != 0) continue;
            foreach (SegmentState leaf in router.CaptureState().Segments)
                for (int at = 0; at < leaf.Own.Length; at += Evidence.WordCount) Assert.True(Evidence.FromWords(leaf.Own.AsSpan(at)).IsPlausible);
        }
    }

    private static void Deliver(BanditRouter router, in Decision decision, in Outcome outcome, Random random)
    {
        if (random.Next(10) < 7) router.Record(decision, outcome);
    }

    /// <summary>What becomes of a decision: fixed by its id, so that any thread reports the same.</summary>
    private static Outcome[] OutcomesOf(Decision decision)
    {
        var random = new Random((int)decision.Id.Sequence);
        var first = new Outcome { Kind = OutcomeKind.HumanReview, CostUsd = random.NextDouble() };
        var late = new Outcome { Latency = TimeSpan.FromSeconds(random.NextDouble()) };
        var final = new Outcome { Kind = OutcomeKind.Success, Quality = random.NextDouble(), CostUsd = random.NextDouble(), Revision = 1 };
        return random.Next(2) == 0 ? [first, late, final] : [first, late];
    }

    private static Evidence Final(Decision decision)
    {
        Outcome[] outcomes = OutcomesOf(decision);
        Evidence evidence = default;
        evidence.Add(outcomes.Length == 3 ? outcomes[2] : outcomes[0]);
        evidence.Add(outcomes[1]);
        return evidence;
    }
}
