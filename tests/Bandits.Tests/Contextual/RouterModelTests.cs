using Bandits.Contextual;
using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Storage;
using Bandits.Tests.History;
using Bandits.Tests.Support;

namespace Bandits.Tests.Contextual;

/// <summary>A router with a model: two arms, each good where the first feature has its sign, and dear where the second is high.</summary>
public sealed class RouterModelTests
{
    private const int Count = 3;

    private static RouterOptions Options(FeatureModelUse use, Action<RouterOptions>? also = null)
    {
        RouterOptions options = Given.Options(o =>
        {
            (o.Dimensions, o.FeatureCount, o.Model, o.ModelUse) = (["area"], Count, new LinearModel(Count, 10), use);
            (o.Strategy, o.Policy, o.CostWeight, o.TypicalInputTokens, o.TypicalOutputTokens) = (Strategy.Balanced, new IndexPolicy<LinUcbRule, double>(new LinUcbRule(1)), 0, 1000, 0);
        }, new Arm { Id = "left", InputUsdPerMillionTokens = 1, OutputUsdPerMillionTokens = 0 }, new Arm { Id = "right", InputUsdPerMillionTokens = 1, OutputUsdPerMillionTokens = 0 });
        also?.Invoke(options);
        return options;
    }

    private static (double Right, double Quality) Play(BanditRouter router, int decisions, ref RandomStream random, Action<Decision>? decided = null)
    {
        double right = 0, quality = 0;
        var features = new float[Count];
        for (int i = 0; i < decisions; i++)
        {
            foreach (ref float feature in features.AsSpan()) feature = (float)(2 * random.NextUnit() - 1);
            Assert.True(router.TryDecide(new Request(router.SegmentOf("x")) { Features = features }, out Decision decision));
            decided?.Invoke(decision);
            bool isRight = decision.Arm == (features[0] > 0 ? 1 : 0);
            double grade = Math.Clamp(0.5 + 0.4 * (decision.Arm == 1 ? features[0] : -features[0]) + 0.1 * (random.NextUnit() - 0.5), 0, 1);
            router.Record(decision, new Outcome { Kind = OutcomeKind.Partial, Quality = grade, CostUsd = 0.001 * (1 + 0.8 * features[1]) });
            right += isRight ? 1 : 0;
            quality += grade;
        }

        return (right / decisions, quality / decisions);
    }

    [Theory]
    [InlineData(FeatureModelUse.Correct)]
    [InlineData(FeatureModelUse.Replace)]
    public void It_learns_which_arm_suits_which_task(FeatureModelUse use)
    {
        var router = new BanditRouter(Options(use));
        var random = new RandomStream(1);
        Play(router, 500, ref random);
        (double right, double quality) = Play(router, 500, ref random);
        Assert.True(right > 0.93 && quality > 0.68, $"{right} {quality}"); // without features 0.5 and 0.5
    }

    [Theory]
    [InlineData(FeatureModelUse.Correct)]
    [InlineData(FeatureModelUse.Replace)]
    public void What_a_task_costs_is_read_from_its_features(FeatureModelUse use)
    {
        var router = new BanditRouter(Options(use));
        var random = new RandomStream(2);
        Play(router, 800, ref random);
        Assert.Equal(0.0018, CostOf(1), 2e-4);
        Assert.Equal(0.0002, CostOf(-1), 2e-4);

        double CostOf(float high) => router.Explain(new Request(router.SegmentOf("x")) { Features = new float[] { 0.9f, high, 0 } }).Arms[1].CostUsd;
    }

    /// <summary>A correction of quality counts less the share of it that is by chance; one of cost does not ask. A share that is none, or beyond its range, lets nothing through that should not be.</summary>
    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(0.75, 0.025)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(-1, 0.1)]
    public void A_correction_counts_less_what_is_by_chance(double chance, double moved)
    {
        var router = new BanditRouter(Options(FeatureModelUse.Correct, o => o.Model = new Says(new Prediction { Quality = 0.1, Cost = 1, QualityByChance = chance, Degrees = double.PositiveInfinity })));
        ArmExplanation without = router.Explain(new Request(router.SegmentOf("x"))).Arms[0], with = router.Explain(new Request(router.SegmentOf("x")) { Features = new float[Count] }).Arms[0];
        Assert.Equal(without.QualityMean + moved, with.QualityMean, 1e-12);
        Assert.Equal(2 * without.CostUsd, with.CostUsd, 1e-12);
    }

    [Fact]
    public void A_request_without_features_is_decided_by_its_segment()
    {
        var router = new BanditRouter(Options(FeatureModelUse.Replace));
        var random = new RandomStream(3);
        Play(router, 300, ref random);
        Explanation law = router.Explain(new Request(router.SegmentOf("x")));
        Assert.All(law.Arms, arm => Assert.InRange(arm.QualityMean, 0.55, 0.8)); // what each made of the tasks it was given
    }

    /// <summary>Thompson sampling over disjoint linear models is over one-dimensional laws, so its probabilities are exact, and chosen arms come as often as they say.</summary>
    [Fact]
    public void Linear_Thompson_says_exact_probabilities()
    {
        var router = new BanditRouter(Options(FeatureModelUse.Replace, o => (o.Policy, o.LedgerCapacity) = (ThompsonPolicy.Instance, 1 << 15)));
        var random = new RandomStream(4);
        Play(router, 40, ref random);
        var request = new Request(router.SegmentOf("x")) { Features = new float[] { 0.05f, 0, 0 } };
        double[] law = [.. router.Explain(request).Arms.Select(arm => arm.Probability)];
        Assert.Equal(1, law.Sum(), 1e-12);
        Assert.InRange(law[0], 0.02, 0.98);
        int first = 0;
        const int Draws = 20_000;
        for (int i = 0; i < Draws; i++)
        {
            router.TryDecide(request, out Decision decision);
            Assert.Equal(law[decision.Arm], decision.Propensity);
            first += decision.Arm == 0 ? 1 : 0;
        }

        Assert.InRange(first / (double)Draws, law[0] - 0.02, law[0] + 0.02); // more than five deviations
    }

    [Theory]
    [InlineData(FeatureModelUse.Correct)]
    [InlineData(FeatureModelUse.Replace)]
    public void A_restored_router_goes_on_alike_and_learns_from_open_decisions(FeatureModelUse use)
    {
        var router = new BanditRouter(Options(use));
        var random = new RandomStream(5);
        Play(router, 300, ref random);
        router.TryDecide(new Request(router.SegmentOf("x")) { Features = new float[] { 1, 0.5f, -1 } }, out Decision open);
        BanditRouter restored = BanditRouter.Restore(Options(use), router.CaptureState(), out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        foreach (BanditRouter either in (BanditRouter[])[router, restored]) either.Record(open, new Outcome { Kind = OutcomeKind.Partial, Quality = 0.1, CostUsd = 0.004 });
        var expected = new List<Decision>();
        var actual = new List<Decision>();
        RandomStream one = random, other = random;
        Play(router, 2000, ref one, expected.Add);
        Play(restored, 2000, ref other, actual.Add);
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData(FeatureModelUse.Correct, 0)]
    [InlineData(FeatureModelUse.Replace, 0)]
    [InlineData(FeatureModelUse.Replace, 1)]
    public void A_journal_brings_the_model_back(FeatureModelUse use, int depth)
    {
        RouterOptions options = Options(use, o => o.ModelDepth = depth);
        using var folder = new TemporaryDirectory();
        var random = new RandomStream(6);
        var request = new float[] { 0.7f, -0.4f, 0.1f };
        ArmExplanation[] before;
        using (RouterStore store = RouterStore.Open(folder.Path, options, new RouterStoreOptions { Durability = Durability.EachCommit }))
        {
            Play(store.Router, 200, ref random);
            store.SaveSnapshot();
            Play(store.Router, 200, ref random);
            before = [.. store.Router.Explain(new Request(store.Router.SegmentOf("x")) { Features = request }).Arms];
        }

        File.Delete(Path.Combine(folder.Path, "router.snapshot")); // the previous one and the journal, or the journal alone
        using RouterStore again = RouterStore.Open(folder.Path, options, new RouterStoreOptions());
        ArmExplanation[] after = [.. again.Router.Explain(new Request(again.Router.SegmentOf("x")) { Features = request }).Arms];
        for (int arm = 0; arm < 2; arm++)
        {
            Assert.Equal(before[arm].QualityMean, after[arm].QualityMean, 1e-6);
            Assert.Equal(before[arm].CostUsd, after[arm].CostUsd, 1e-7);
        }
    }

    /// <summary>A segment whose tasks are the other way round is overruled at first and right in the end.</summary>
    [Fact]
    public void Models_by_segment_borrow_from_all_and_leave_with_their_own()
    {
        var router = new BanditRouter(Options(FeatureModelUse.Replace, o => (o.ModelDepth, o.ModelMass) = (1, 20)));
        var random = new RandomStream(7);
        Play(router, 400, ref random);
        SegmentKey other = router.SegmentOf("mirror");
        float[] features = [0.8f, 0, 0];
        Feed(3, 0);
        Assert.True(Mean(1) > Mean(0)); // as everywhere else
        Feed(120, 1);
        Assert.True(Mean(1) < Mean(0));

        double Mean(int arm) => router.Explain(new Request(other) { Features = features }).Arms[arm].QualityMean;

        void Feed(int times, int turn)
        {
            for (int i = 0; i < times; i++)
            {
                router.TryDecide(new Request(other) { Features = features, ExcludedArms = new[] { i % 2 } }, out Decision decision);
                router.Record(decision, new Outcome { Kind = OutcomeKind.Partial, Quality = turn == 0 ? 0.5 : decision.Arm == 1 ? 0.1 : 0.9, CostUsd = 0.001 });
            }
        }
    }

    [Fact]
    public void Deciding_and_learning_with_features_allocate_nothing()
    {
        var router = new BanditRouter(Options(FeatureModelUse.Correct, o => (o.Strategy, o.Policy, o.Budget) = (Strategy.Budgeted, null, new Budget { UsdPerDecision = 0.001 })));
        var request = new Request(router.SegmentOf("x")) { Features = new float[] { 0.3f, 0.2f, 0.1f } };
        Work(4000);
        Assert.Equal(0, Allocations.Of(_ => Work(2000)));

        void Work(int times)
        {
            for (int i = 0; i < times; i++)
            {
                router.TryDecide(request, out Decision decision);
                router.Record(decision, new Outcome { Kind = OutcomeKind.Partial, Quality = i % 2 == 0 ? 0.6 : 0.5, CostUsd = i % 3 == 0 ? 0.001 : 0.0012 });
            }
        }
    }

    [Fact]
    public void The_number_of_features_must_be_the_models() =>
        Assert.Contains("FeatureCount is 2", Assert.Throws<ArgumentException>(() => new BanditRouter(Options(FeatureModelUse.Correct, o => o.FeatureCount = 2))).Message, StringComparison.Ordinal);

    /// <summary>A model that expects the same of everything and learns nothing.</summary>
    private sealed class Says(Prediction prediction) : IFeatureModel
    {
        public int FeatureCount => Count;

        public bool SharesParameters => false;

        public int HeaderLength => 0;

        public int ArmLength => 1;

        public void Predict(ReadOnlySpan<double> state, ReadOnlySpan<float> features, ReadOnlySpan<int> arms, Span<Prediction> predictions) => predictions.Fill(prediction);

        public void Learn(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome)
        {
        }

        public bool TryRetract(Span<double> state, ReadOnlySpan<float> features, in ModelOutcome outcome) => true;

        public void Discount(Span<double> state, int arm, double gamma)
        {
        }

        public bool TryMerge(Span<double> state, ReadOnlySpan<double> other) => true;

        public bool TryBorrow(Span<double> state, int arm, ReadOnlySpan<double> lender, int lenderArm, bool includesOwn, double mass) => true;
    }
}
