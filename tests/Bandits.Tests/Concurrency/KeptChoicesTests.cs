using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Tests.Support;

namespace Bandits.Tests.Concurrency;

/// <summary>Beliefs that are kept while many threads decide from them and others make them stale.</summary>
public sealed class KeptChoicesTests
{
    private const int Threads = 4;
    private const int Rounds = 10_000;

    /// <summary>A user's policy, which may rely on its beliefs being of one moment.</summary>
    private sealed class Witness : IRoutingPolicy
    {
        private long _contradictions;

        public long Contradictions => Volatile.Read(ref _contradictions);

        public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores | PolicyTraits.CostlyPmf;

        public int Choose(in Choices choices, ref RandomStream random)
        {
            double samples = SamplesOf(choices);
            Thread.SpinWait(20); // time for another thread to come between
            if (samples != choices.Round || samples != SamplesOf(choices)) Interlocked.Increment(ref _contradictions);
            return random.NextBelow(choices.Beliefs.Length);
        }

        public bool TryGetPmf(in Choices choices, Span<double> pmf) => false;

        private static double SamplesOf(in Choices choices)
        {
            double samples = 0;
            foreach (ref readonly Belief belief in choices.Beliefs) samples += belief.Samples;
            return samples;
        }
    }

    [Fact]
    public async Task A_policy_of_the_user_sees_beliefs_of_one_moment()
    {
        var witness = new Witness();
        await Race(Router(witness));
        Assert.Equal(0, witness.Contradictions);
    }

    /// <summary>A router that was restored has nothing kept: it derives every belief from the evidence.</summary>
    [Fact]
    public async Task What_is_kept_after_a_race_is_what_the_evidence_says()
    {
        BanditRouter router = Router(ThompsonPolicy.Instance);
        await Race(router);
        BanditRouter restored = BanditRouter.Restore(Options(ThompsonPolicy.Instance, 2), router.CaptureState(), out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        for (ulong i = 1; i <= 20_000; i++) // one outcome less of an arm changes about one choice in a thousand
        {
            var request = new Request { Id = new DecisionId(1, (Threads * Rounds) + i) };
            Assert.True(router.TryDecide(request, out Decision kept));
            Assert.True(restored.TryDecide(request, out Decision derived));
            Assert.Equal(derived.Arm, kept.Arm);
        }
    }

    /// <summary>The first plan of a segment is kept while others look for it.</summary>
    [Fact]
    public async Task Threads_may_meet_at_the_first_decision()
    {
        for (int i = 0; i < 300; i++)
        {
            BanditRouter router = Router(ThompsonPolicy.Instance);
            using var start = new Barrier(Threads);
            await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait();
                for (int n = 0; n < 20; n++) Assert.True(router.TryDecide(default, out Decision decision) && decision.Arm is >= 0 and < 4);
            })));
        }
    }

    private static async Task Race(BanditRouter router)
    {
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            var random = Given.Random((ulong)thread);
            for (int i = 0; i < Rounds; i++)
            {
                Assert.True(router.TryDecide(default, out Decision decision));
                if (i % 3 != 0) continue;
                Assert.Equal(Recorded.Applied, router.Record(decision, new Outcome { Kind = random.NextUnit() < 0.5 ? OutcomeKind.Success : OutcomeKind.Failed }));
            }
        })));
    }

    private static BanditRouter Router(IRoutingPolicy policy) => new(Options(policy, 1));

    private static RouterOptions Options(IRoutingPolicy policy, ulong incarnation) => Given.Options(
        o => (o.Dimensions, o.Strategy, o.Policy, o.Propensities, o.FallbackToBaseline, o.LedgerCapacity, o.Incarnation) =
            ([], Strategy.Performance, policy, false, false, 1 << 16, incarnation),
        Given.Twins(4));
}
