using Bandits.Concurrency;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits.Contextual;

/// <summary>A router's model and where its states are: one for the whole router, or one for each value of the first dimensions, which then borrow from that of the whole.</summary>
/// <remarks>
/// What a model learns is how outcomes differ from what was expected without it when the decision was made: by the segment (<see cref="FeatureModelUse.Correct"/>), or by the arm's prior alone (<see cref="FeatureModelUse.Replace"/>). Where models are kept by segment, the
/// whole router's learns every outcome too, and lends what it knows without the borrower's own part, worth at most a mass of outcomes; what is borrowed is renewed each time that the borrower has grown by an eighth.
/// </remarks>
internal sealed class FeatureModels(IFeatureModel model, FeatureModelUse use, int depth, double mass)
{
    private const double LeastSpread = 1e-4;

    /// <summary>Least and most that costs and latencies are expected to be, or learnt as, of what is expected without features: a regression may promise less than nothing, and one outcome is not to bend it.</summary>
    private const double LeastTimes = 0.05;

    private const double MostTimes = 10;

    private const double BorrowingGrowth = 0.125;

    [ThreadStatic]
    private static float[]? t_features;

    [ThreadStatic]
    private static Prediction[]? t_predictions;

    [ThreadStatic]
    private static int[]? t_arms;

    public IFeatureModel Model { get; } = model;

    public FeatureModelUse Use { get; } = use;

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

    /// <summary>Changes the estimates of all arms by what the model expects of these features, and keeps those without.</summary>
    public void Estimate(RouterSettings settings, SegmentNode leaf, ReadOnlySpan<float> features, DecisionScratch scratch)
    {
        int arms = settings.Catalog.Count;
        (scratch.Estimates, scratch.Without) = (scratch.Without, scratch.Estimates);
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
        for (int arm = 0; arm < arms; arm++)
        {
            ref ArmEstimate estimate = ref scratch.Estimates[arm];
            ref readonly ArmEstimate without = ref scratch.Without[arm];
            (estimate.Availability, estimate.OwnSamples) = (without.Availability, without.OwnSamples);
            if (Use == FeatureModelUse.Correct) Correct(ref estimate, settings, predictions[arm], without);
            else Replace(ref estimate, settings, arm, predictions[arm], without);
        }
    }

    /// <summary>What is expected of an arm without the features, as the model learns it.</summary>
    public static FeatureBase BaseOf(RouterSettings settings, DecisionScratch scratch, int arm)
    {
        if (settings.Models is not { } models) return default;
        if (models.Use == FeatureModelUse.Replace) return PriorOf(settings, arm);
        ref readonly ArmEstimate without = ref (scratch.HasFeatures ? ref scratch.Without[arm] : ref scratch.Estimates[arm]);
        return new FeatureBase((float)without.Belief.QualityMean, (float)without.CostUsd, (float)without.LatencySeconds);
    }

    /// <summary>Inside the node's gate: <paramref name="after"/> stands where <paramref name="before"/> stood.</summary>
    public void Learn(RouterSettings settings, SegmentNode node, ReadOnlySpan<float> features, int arm, FeatureBase without, in Contribution before, in Contribution after)
    {
        Ensure(settings, node);
        if (before.Quality >= 0 && !Model.TryRetract(node.Model, features, OutcomeOf(arm, without, before))) return;
        Model.Learn(node.Model, features, OutcomeOf(arm, without, after));
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

    /// <summary>Takes a state back; false when it is not one of this model for so many arms.</summary>
    public bool TryRestore(RouterSettings settings, SegmentNode node, double[] numbers)
    {
        if (numbers.Length < Model.HeaderLength || numbers.Length > LengthOf(settings.Catalog.Count) || (Model.ArmLength > 0 && (numbers.Length - Model.HeaderLength) % Model.ArmLength != 0)) return false;
        foreach (double number in numbers)
            if (!double.IsFinite(number)) return false;
        node.Model = [.. numbers];
        return true;
    }

    /// <summary>What was expected of a decision's arm without the features, from what its entry in a journal says was expected with them.</summary>
    public FeatureBase BaseOf(RouterSettings settings, SegmentNode leaf, ReadOnlySpan<float> features, in Decision decision)
    {
        int arm = decision.Arm;
        if (Use == FeatureModelUse.Replace) return PriorOf(settings, arm);
        SegmentNode node = NodeOf(leaf);
        double[] state = node.Model.Length >= LengthOf(arm + 1) ? node.Model : Empty(LengthOf(arm + 1), node.Model);
        Prediction prediction = default;
        Model.Predict(state, features, [arm], new Span<Prediction>(ref prediction));
        return new FeatureBase(
            (float)(decision.PredictedQuality - Sure(prediction) * prediction.Quality), (float)(decision.PredictedCostUsd / Math.Clamp(1 + prediction.Cost, LeastTimes, MostTimes)), float.NaN);
    }

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

    private static ModelOutcome OutcomeOf(int arm, FeatureBase without, in Contribution outcome) => new()
    {
        Arm = arm,
        Quality = FixedPoint.QualityFrom(outcome.Quality) - without.Quality,
        Cost = outcome.HasCost && without.CostUsd > 0 ? Math.Min(MostTimes, FixedPoint.UsdFrom(outcome.CostNanoUsd) / without.CostUsd) - 1 : double.NaN,
        Latency = outcome.HasLatency && !outcome.IsCensored && without.LatencySeconds > 0 ? Math.Min(MostTimes, FixedPoint.SecondsFrom(outcome.LatencyMicroseconds) / without.LatencySeconds) - 1 : double.NaN,
    };

    private static FeatureBase PriorOf(RouterSettings settings, int arm) => new((float)settings.Catalog.Arms[arm].PriorQuality, (float)settings.ListCostUsd[arm], (float)LatencyOf(settings));

    private static double LatencyOf(RouterSettings settings) => Math.Max(settings.PriorLatencySeconds, 1e-3);

    /// <summary>The segment's belief, moved: how sure one is stays the segment's matter, as the model's part is small and shrunk.</summary>
    private static void Correct(ref ArmEstimate estimate, RouterSettings settings, in Prediction prediction, in ArmEstimate without)
    {
        estimate.CostUsd = without.CostUsd * Math.Clamp(1 + prediction.Cost, LeastTimes, MostTimes);
        estimate.LatencySeconds = without.LatencySeconds * Math.Clamp(1 + prediction.Latency, LeastTimes, MostTimes);
        ref readonly Belief belief = ref without.Belief;
        double spread = belief.IsBeta ? Math.Sqrt(new Belief(belief.Alpha, belief.Beta, 1, 0, 0).Variance) : belief.Spread;
        Write(ref estimate, settings, belief, belief.QualityMean + Sure(prediction) * prediction.Quality, spread, belief.IsBeta ? double.PositiveInfinity : belief.Degrees, belief.Samples);
    }

    /// <summary>
    /// The share of a correction that counts, in [0, 1]: what features that say nothing would not have given (James and Stein 1961), and of that as far as it stands out from the model's own doubt (the
    /// non-negative garrote, Breiman 1995). Arms are compared, and of many doubtful corrections the highest wins.
    /// </summary>
    private static double Sure(in Prediction prediction)
    {
        double earned = Math.Min(1, 1 - prediction.QualityByChance), doubt = prediction.QualityDeviation / (earned * prediction.Quality);
        return earned > 0 && doubt * doubt < 1 ? earned * (1 - doubt * doubt) : 0; // 0 where there is no correction: the doubt is infinite or NaN
    }

    /// <summary>What the model expects, in the place of the segment's belief.</summary>
    private static void Replace(ref ArmEstimate estimate, RouterSettings settings, int arm, in Prediction prediction, in ArmEstimate without)
    {
        estimate.CostUsd = settings.ListCostUsd[arm] > 0 ? settings.ListCostUsd[arm] * Math.Max(LeastTimes, 1 + prediction.Cost) : without.CostUsd;
        estimate.LatencySeconds = LatencyOf(settings) * Math.Max(0, 1 + prediction.Latency);
        double degrees = prediction.Degrees > 2 ? prediction.Degrees : 3, spread = prediction.QualityDeviation * (double.IsInfinity(degrees) ? 1 : Math.Sqrt((degrees - 2) / degrees));
        Write(ref estimate, settings, without.Belief, settings.Catalog.Arms[arm].PriorQuality + prediction.Quality, spread, degrees, Math.Max(0, prediction.Samples));
    }

    private static void Write(ref ArmEstimate estimate, RouterSettings settings, in Belief without, double quality, double spread, double degrees, double samples)
    {
        Objective objective = settings.Objective;
        double shift = -objective.CostMultiplier * estimate.CostUsd - objective.LatencyUsdPerSecond * estimate.LatencySeconds, mean = Math.Clamp(quality, 1e-6, 1 - 1e-6);
        Belief.WriteStudent(
            ref estimate.Belief, mean, Math.Max(LeastSpread, spread), degrees, objective.ValueUsd * estimate.Availability, shift, samples, mean, without.SampleVariance, without.Pending);
    }
}
