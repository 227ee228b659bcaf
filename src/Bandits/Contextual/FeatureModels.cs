using Bandits.Concurrency;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits.Contextual;

/// <summary>A router's model and where its states are: one for the whole router, or one for each value of the first dimensions, which then borrow from that of the whole.</summary>
/// <remarks>
/// What a model learns is how outcomes differ from what is assumed of the arm without any evidence, and it replaces the segment's belief where a request has features. Where models are kept by segment, the
/// whole router's learns every outcome too, and lends what it knows without the borrower's own part, worth at most a mass of outcomes; what is borrowed is renewed each time that the borrower has grown by an eighth.
/// </remarks>
internal sealed class FeatureModels(IFeatureModel model, int depth, double mass)
{
    private const double LeastSpread = 1e-4;

    /// <summary>Least that a call is expected to cost, as a share of its list price: a regression may promise less than nothing.</summary>
    private const double LeastCost = 0.02;

    private const double BorrowingGrowth = 0.125;

    [ThreadStatic]
    private static float[]? t_features;

    [ThreadStatic]
    private static Prediction[]? t_predictions;

    [ThreadStatic]
    private static int[]? t_arms;

    public IFeatureModel Model { get; } = model;

    /// <summary>Dimensions by which states are kept apart; 0 for one state.</summary>
    public int Depth { get; } = depth;

    private int LengthOf(int arms) => Model.HeaderLength + arms * Model.ArmLength;

    /// <summary>This thread's room for the features of a request.</summary>
    public Span<float> Buffer()
    {
        if (t_features is null || t_features.Length < Model.FeatureCount) t_features = new float[Model.FeatureCount];
        return t_features.AsSpan(0, Model.FeatureCount);
    }

    /// <summary>The node that keeps the state for a leaf.</summary>
    public SegmentNode NodeOf(SegmentNode leaf)
    {
        SegmentNode node = leaf;
        while (node.Parent is not null && (node.Depth > Depth || node.IsConditional)) node = node.Parent;
        return node;
    }

    /// <summary>Replaces the estimates of all arms by what the model expects of these features.</summary>
    public void Estimate(RouterSettings settings, SegmentNode leaf, ReadOnlySpan<float> features, Span<ArmEstimate> estimates)
    {
        int arms = estimates.Length;
        SegmentNode node = NodeOf(leaf);
        if (t_predictions is null || t_predictions.Length < arms) (t_predictions, t_arms) = (new Prediction[arms], Numbers(arms));
        Span<Prediction> predictions = t_predictions.AsSpan(0, arms);
        ReadOnlySpan<int> who = t_arms.AsSpan(0, arms);
        int sequence;
        do
        {
            sequence = node.Gate.BeginRead();
            double[] state = node.Model;
            if (state.Length < LengthOf(arms)) state = Empty(LengthOf(arms), state);
            Model.Predict(state, features, who, predictions);
        }
        while (!node.Gate.IsUnchanged(sequence));
        for (int arm = 0; arm < arms; arm++) estimates[arm] = EstimateOf(settings, arm, predictions[arm], estimates[arm]);
    }

    /// <summary>Inside the node's gate: <paramref name="after"/> stands where <paramref name="before"/> stood.</summary>
    public void Learn(RouterSettings settings, SegmentNode node, ReadOnlySpan<float> features, int arm, in Contribution before, in Contribution after)
    {
        Ensure(settings, node);
        if (before.Quality >= 0 && !Model.TryRetract(node.Model, features, OutcomeOf(settings, arm, before))) return;
        Model.Learn(node.Model, features, OutcomeOf(settings, arm, after));
    }

    public void Discount(RouterSettings settings, SegmentNode node, int arm, double kept)
    {
        Ensure(settings, node);
        Model.Discount(node.Model, arm, kept);
    }

    /// <summary>Inside the node's gate: whether an arm has grown by so much since it last borrowed that it should do so again.</summary>
    public bool IsBorrowingDue(SegmentNode node, int arm)
    {
        if (Depth == 0) return false;
        if (node.ModelBorrowed.Length <= arm) Array.Resize(ref node.ModelBorrowed, Math.Max(arm + 1, node.ModelBorrowed.Length));
        ref (long Learnt, long Next) progress = ref node.ModelBorrowed[arm];
        if (++progress.Learnt < progress.Next) return false;
        progress.Next = progress.Learnt + Math.Max(1, (long)(BorrowingGrowth * progress.Learnt));
        return true;
    }

    public void Borrow(SegmentNode node, SegmentNode lender, int arm) => Model.TryBorrow(node.Model, arm, lender.Model, arm, includesOwn: true, mass);

    private void Ensure(RouterSettings settings, SegmentNode node)
    {
        int length = LengthOf(settings.Catalog.Count);
        if (node.Model.Length < length) Array.Resize(ref node.Model, length);
    }

    private static double[] Empty(int length, double[] known)
    {
        var state = new double[length]; // an arm has joined, or nothing was learnt yet: until the next outcome
        known.CopyTo(state, 0);
        return state;
    }

    private static int[] Numbers(int count)
    {
        var numbers = new int[count];
        for (int i = 0; i < count; i++) numbers[i] = i;
        return numbers;
    }

    private static ModelOutcome OutcomeOf(RouterSettings settings, int arm, in Contribution outcome)
    {
        double latency = Math.Max(settings.PriorLatencySeconds, 1e-3);
        return new ModelOutcome
        {
            Arm = arm,
            Quality = FixedPoint.QualityFrom(outcome.Quality) - settings.Catalog.Arms[arm].PriorQuality,
            Cost = outcome.HasCost && settings.ListCostUsd[arm] > 0 ? FixedPoint.UsdFrom(outcome.CostNanoUsd) / settings.ListCostUsd[arm] - 1 : double.NaN,
            Latency = outcome.HasLatency && !outcome.IsCensored ? FixedPoint.SecondsFrom(outcome.LatencyMicroseconds) / latency - 1 : double.NaN,
        };
    }

    private static ArmEstimate EstimateOf(RouterSettings settings, int arm, in Prediction prediction, in ArmEstimate without)
    {
        Objective objective = settings.Objective;
        double list = settings.ListCostUsd[arm];
        ArmEstimate estimate = without;
        estimate.CostUsd = list > 0 ? list * Math.Max(LeastCost, 1 + prediction.Cost) : without.CostUsd;
        estimate.LatencySeconds = Math.Max(0, Math.Max(settings.PriorLatencySeconds, 1e-3) * (1 + prediction.Latency));
        double quality = Math.Clamp(settings.Catalog.Arms[arm].PriorQuality + prediction.Quality, 1e-6, 1 - 1e-6);
        double shift = -objective.CostMultiplier * estimate.CostUsd - objective.LatencyUsdPerSecond * estimate.LatencySeconds;
        estimate.Belief = Belief.Student(
            quality, Math.Max(LeastSpread, prediction.QualityDeviation), prediction.Degrees > 0 ? prediction.Degrees : 1, objective.ValueUsd * without.Availability, shift, Math.Max(0, prediction.Samples)) with
        {
            SampleMean = quality,
            SampleVariance = without.Belief.SampleVariance,
            Pending = without.Belief.Pending,
        };
        return estimate;
    }
}
