using Bandits.Numerics;
using Bandits.Tests.Support;

namespace Bandits.Tests;

public sealed class FeatureTests
{
    private const int Capacity = 16;
    private static readonly float[] Some = [0.5f, -2, 3e30f];

    [Fact]
    public void Features_come_back_with_the_decision_or_its_token()
    {
        BanditRouter router = Router();
        float[] given = [.. Some];
        Decision decision = Decide(router, given);
        given[0] = 9; // they were copied
        Assert.Equal(Some, FeaturesOf(router, decision));
        Assert.Equal(Some, FeaturesOf(router, router.ParseToken(router.TokenOf(decision))));

        var room = new float[5];
        Assert.True(router.TryGetFeatures(decision, room));
        Assert.Equal([.. Some, 0, 0], room);
        router.Record(decision, new Outcome { Kind = OutcomeKind.Success });
        Assert.Equal(Some, FeaturesOf(router, decision));
    }

    [Fact]
    public void They_stay_until_the_decision_leaves_the_ledger()
    {
        BanditRouter router = Router();
        Decision decision = Decide(router, Some);
        for (int later = 1; later < Capacity; later++)
        {
            Decide(router, default);
            Assert.Equal(Some, FeaturesOf(router, decision));
        }

        Decide(router, default); // nothing is written over them, yet the decision is gone
        Assert.Null(FeaturesOf(router, decision));
        Assert.Equal(Recorded.BeyondHorizon, router.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
    }

    [Fact]
    public void Without_features_there_are_none()
    {
        BanditRouter router = Router(), without = Given.Router();
        Assert.Null(FeaturesOf(router, Decide(router, default)));
        Assert.Null(FeaturesOf(router, default));
        Decide(router, Some);
        Assert.Null(FeaturesOf(router, Given.Router(o => o.Incarnation = 5).Force(default, 1)));
        Assert.False(without.TryGetFeatures(Decide(without, default), []));

        Assert.False(router.TryDecide(new Request { Features = Some, ExcludedArms = new[] { 0, 1, 2, 3 } }, out Decision none));
        Assert.Null(FeaturesOf(router, none));
    }

    [Fact]
    public void A_destination_that_is_too_short_is_refused()
    {
        BanditRouter router = Router();
        Decision decision = Decide(router, Some);
        ArgumentException e = Assert.Throws<ArgumentException>(() => router.TryGetFeatures(decision, new float[2]));
        Assert.Contains("room for 2 numbers", e.Message, StringComparison.Ordinal);
        Assert.Contains("3 features", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_decided_again_keeps_its_first_features()
    {
        BanditRouter router = Router();
        var request = new Request { Id = new DecisionId(9, 4), Features = Some };
        Assert.True(router.TryDecide(request, out Decision first));
        Assert.True(router.TryDecide(request with { Features = new float[] { 1, 2, 3 } }, out Decision again));
        Assert.Equal(first, again);
        Assert.Equal(Some, FeaturesOf(router, again));

        Assert.True(router.TryDecide(request with { Id = new DecisionId(10, 4), Features = new float[] { 1, 2, 3 } }, out Decision other));
        Assert.Equal([1, 2, 3], FeaturesOf(router, other)!);
        Assert.Null(FeaturesOf(router, first));
    }

    [Fact]
    public void Each_of_several_arms_has_the_features_of_the_request()
    {
        BanditRouter router = Router();
        var decisions = new Decision[3];
        Assert.Equal(3, router.DecideTop(new Request { Features = Some }, decisions));
        Assert.All(decisions, decision => Assert.Equal(Some, FeaturesOf(router, decision)));
    }

    [Fact]
    public void They_change_no_decision_and_let_a_kept_plan_stand()
    {
        var counting = new Counting();
        BanditRouter plain = Router(), described = Router(o => (o.Policy, o.Strategy, o.FallbackToBaseline) = (counting, Strategy.Balanced, false));
        for (int i = 0; i < 10; i++) Decide(described, Some);
        Assert.Equal(1, counting.Calls);

        described = Router();
        Traffic traffic = new(3), same = new(3);
        for (int i = 0; i < 2_000; i++)
        {
            plain.TryDecide(traffic.NextRequest(plain), out Decision expected);
            described.TryDecide(same.NextRequest(described) with { Features = Some }, out Decision actual);
            Assert.Equal(expected, actual);
            if (expected.Arm < 0) continue;
            plain.Record(expected, traffic.NextOutcome(expected));
            described.Record(actual, same.NextOutcome(actual));
        }

        Assert.Equal(StateText.Of(plain), StateText.Of(described));
    }

    [Fact]
    public void They_are_not_in_the_state()
    {
        BanditRouter router = Router();
        Decision decision = Decide(router, Some);
        BanditRouter restored = BanditRouter.Restore(Given.Options(Three), router.CaptureState(), out _);
        Assert.Null(FeaturesOf(restored, decision));
        Assert.Equal(Recorded.Applied, restored.Record(decision, new Outcome { Kind = OutcomeKind.Success }));
    }

    [Fact]
    public void Keeping_and_reading_them_allocates_nothing()
    {
        BanditRouter router = Router();
        var room = new float[3];
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 3_000; i++) Work();
        }));

        void Work()
        {
            if (!router.TryDecide(new Request { Features = Some }, out Decision decision) || !router.TryGetFeatures(decision, room)) throw new InvalidOperationException("No features came back.");
            router.TryGetFeatures(default, room);
        }
    }

    private static BanditRouter Router(Action<RouterOptions>? configure = null) => Given.Router(o =>
    {
        Three(o);
        configure?.Invoke(o);
    });

    private static void Three(RouterOptions options) => (options.FeatureCount, options.LedgerCapacity) = (3, Capacity);

    private static Decision Decide(BanditRouter router, ReadOnlyMemory<float> features)
    {
        Assert.True(router.TryDecide(new Request { Features = features }, out Decision decision));
        return decision;
    }

    /// <summary>The features, or null; then nothing may be left in the destination.</summary>
    private static float[]? FeaturesOf(BanditRouter router, in Decision decision)
    {
        float[] room = [7, 7, 7];
        if (router.TryGetFeatures(decision, room)) return room;
        Assert.Equal([0, 0, 0], room);
        return null;
    }

    private sealed class Counting : IRoutingPolicy
    {
        public int Calls { get; private set; }

        public PolicyTraits Traits => PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.Explores;

        public int Choose(in Choices choices, ref RandomStream random) => 0;

        public bool TryGetPmf(in Choices choices, Span<double> pmf)
        {
            Calls++;
            pmf.Clear();
            pmf[0] = 1;
            return true;
        }
    }
}
