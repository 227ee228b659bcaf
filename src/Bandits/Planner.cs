using System.Runtime.CompilerServices;
using Bandits.Budgets;
using Bandits.Concurrency;
using Bandits.Numerics;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <summary>From beliefs to probabilities: eligibility, policy, fallback, exploration share or floor, in this order.</summary>
internal static partial class Planner
{
    /// <summary>What a plan stands on and how it came out.</summary>
    internal struct Result
    {
        public int LeafSequence;
        public int RootSequence;
        public DecisionTraits Traits;
        public Ineligibility WhyNone;
        public double ExplorationRate;

        /// <summary>Outcomes behind the beliefs.</summary>
        public double Round;

        /// <summary>False when the policy cannot say its probabilities: it must choose for itself.</summary>
        public bool HasPmf;
    }

    /// <summary>Plans a decision into <paramref name="scratch"/>.</summary>
    public static Result Plan(
        RouterSettings settings, SegmentNode leaf, in Request request, long now, AvailabilityTable availability, OverallExploration overall, SpendController? spending, DecisionScratch scratch)
    {
        Result result = default;
        (result.LeafSequence, result.RootSequence) =
            BeliefDerivation.Derive(settings, leaf, availability, now, scratch, out AdaptiveExploration exploration);
        scratch.HasFeatures = settings.Models is not null && !request.Features.IsEmpty;
        if (scratch.HasFeatures) settings.Models!.Estimate(settings, leaf, request.Features.Span, scratch);
        double overallRate = overall.Rate; // after the root's sequence: a later change shows there
        result.ExplorationRate = !settings.AdaptExploration ? settings.ExplorationRate
            : exploration.HasRate ? exploration.Rate
            : overallRate > 0 ? overallRate : settings.ExplorationRate;

        int arms = settings.Catalog.Count, eligible = 0;
        Ineligibility all = arms == 0 ? Ineligibility.NoArms : Ineligibility.None;
        for (int arm = 0; arm < arms; arm++)
        {
            result.Round += scratch.Estimates[arm].OwnSamples + scratch.Estimates[arm].Belief.Pending;
            Ineligibility why = scratch.Why[arm] |= WhyNot(settings, arm, request, scratch.Estimates[arm].CostUsd);
            all |= why;
            if (why == Ineligibility.None) scratch.Arms[eligible++] = arm;
        }

        scratch.Count = 0;
        all |= ApplyCaps(settings, request, scratch, ref eligible, ref result.Traits);
        if (eligible == 0)
        {
            result.WhyNone = all;
            return result;
        }

        if (settings.LatencyLimit is { } limit) ApplyLatency(settings, limit, leaf, scratch, ref eligible);
        bool floorMet = settings.QualityFloor == 0 || ApplyFloor(settings, scratch, ref eligible);
        result.ExplorationRate = ExplorationFloor.Share(result.ExplorationRate, settings.ExplorationFloor, eligible);
        ReadOnlySpan<int> who = scratch.Arms.AsSpan(0, eligible);
        Span<Belief> beliefs = scratch.Beliefs.AsSpan(0, eligible);
        for (int i = 0; i < eligible; i++) beliefs[i] = scratch.Estimates[who[i]].Belief;
        if (settings.Catalog.HasExplorationBounds && (settings.Traits & PolicyTraits.Explores) != 0) EndOptimism(settings, leaf.Root, scratch, who);
        Span<double> pmf = scratch.Pmf.AsSpan(0, eligible), baseline = scratch.Baseline.AsSpan(0, eligible);
        bool needsBaseline = settings.Strategy == Strategy.Baseline || settings.FallbackToBaseline || !floorMet;
        if (needsBaseline) settings.Rules.Write(settings, leaf.Key, who, scratch.Estimates, baseline);

        if (settings.Strategy == Strategy.Baseline)
        {
            baseline.CopyTo(pmf);
            result.HasPmf = true;
        }
        else
        {
            result.HasPmf = spending is not null ? TryPrice(settings, scratch, eligible, result.Round, spending.Price)
                : settings.WantsPmf && settings.Policy.TryGetPmf(ChoicesOf(settings, scratch, eligible, result.Round), pmf);
            if (!floorMet || (result.HasPmf && settings.FallbackToBaseline && IsWeak(settings, beliefs, pmf, baseline)))
            {
                baseline.CopyTo(pmf);
                result.HasPmf = true;
                result.Traits |= floorMet ? DecisionTraits.Fallback : DecisionTraits.Fallback | DecisionTraits.FloorUnmet;
            }
        }

        scratch.Count = eligible;
        double share = result.ExplorationRate / eligible, sum = 0;
        for (int i = 0; i < eligible; i++)
        {
            scratch.Planned[i] = new PlannedArm
            {
                Arm = (ushort)who[i],
                IsExploited = result.HasPmf && pmf[i] > 0,
                Probability = result.HasPmf ? (1 - result.ExplorationRate) * pmf[i] + share : double.NaN,
                PredictedQuality = (float)beliefs[i].QualityMean,
                PredictedCostUsd = scratch.Estimates[who[i]].CostUsd,
            };
            sum += scratch.Planned[i].Probability;
        }

        if (spending is { IsProbing: true } && result.HasPmf) sum = Probe(scratch, eligible, spending);
        if (result.HasPmf && sum != 1)
            for (int i = 0; i < eligible; i++) scratch.Planned[i].Probability /= sum;
        return result;
    }

    /// <summary>What the policy sees of a plan's first <paramref name="count"/> arms.</summary>
    public static Choices ChoicesOf(RouterSettings settings, DecisionScratch scratch, int count, double round) =>
        ChoicesOf(settings, scratch, scratch.Beliefs.AsSpan(0, count), round);

    private static Choices ChoicesOf(RouterSettings settings, DecisionScratch scratch, ReadOnlySpan<Belief> beliefs, double round) =>
        new(beliefs, scratch.Arms.AsSpan(0, beliefs.Length), round)
        {
            Objective = settings.Objective,
            State = settings.Stateful is null ? default : scratch.PolicyState.AsSpan(0, scratch.PolicyStateLength),
        };

    /// <summary>The policy chooses for itself, behind the same exploration share; the propensity is not computed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PlannedArm ChooseWithoutPmf(
        RouterSettings settings, in Choices choices, ReadOnlySpan<PlannedArm> planned, double explorationRate, RandomStream random, double unit)
    {
        bool explores = unit < explorationRate;
        PlannedArm chosen = planned[explores ? random.NextBelow(planned.Length) : settings.Policy.Choose(choices, ref random)];
        (chosen.Probability, chosen.IsExploited) = (double.NaN, !explores);
        return chosen;
    }

    private static Ineligibility WhyNot(RouterSettings settings, int arm, in Request request, double costUsd)
    {
        ArmCatalog catalog = settings.Catalog;
        Ineligibility why = catalog.Status[arm] switch
        {
            ArmStatus.Disabled => Ineligibility.Disabled,
            ArmStatus.Retired => Ineligibility.Retired,
            _ => Ineligibility.None,
        };
        ulong required = request.RequiredCapabilities.Mask;
        if ((catalog.CapabilityMask[arm] & required) != required) why |= Ineligibility.MissingCapability;
        if ((catalog.ProviderMask[arm] & request.ExcludedProviders.Mask) != 0) why |= Ineligibility.ExcludedProvider;
        if (!request.ExcludedArms.IsEmpty && request.ExcludedArms.Span.Contains(arm)) why |= Ineligibility.ExcludedArm;
        if (costUsd > request.MaxCostUsd) why |= Ineligibility.TooExpensive;
        if (request.MinContextWindow > 0 && !(catalog.Arms[arm].ContextWindow >= request.MinContextWindow)) why |= Ineligibility.ContextTooSmall;
        return why;
    }

    /// <summary>Keeps the arms whose quality is above the floor with the stated confidence; keeps all when none is.</summary>
    private static bool ApplyFloor(RouterSettings settings, DecisionScratch scratch, ref int eligible)
    {
        int kept = 0;
        for (int i = 0; i < eligible; i++)
            if (ClearsFloor(settings, scratch.Estimates[scratch.Arms[i]].Belief)) kept++;
        if (kept == 0) return false;
        kept = 0;
        for (int i = 0; i < eligible; i++)
        {
            int arm = scratch.Arms[i];
            if (ClearsFloor(settings, scratch.Estimates[arm].Belief)) scratch.Arms[kept++] = arm;
            else scratch.Why[arm] |= Ineligibility.BelowQualityFloor;
        }

        eligible = kept;
        return true;
    }

    /// <summary>The lower bound of quality at the stated level is above the floor exactly when P(q &lt;= floor) is at most 1 - level.</summary>
    private static bool ClearsFloor(RouterSettings settings, in Belief belief) =>
        new Belief(belief.Alpha, belief.Beta, 1, 0, belief.Samples).Cdf(settings.QualityFloor) <= 1 - settings.QualityFloorConfidence;

    /// <summary>Belief is weak where a favoured arm outside the baseline's choice has too few samples or is not confidently as good.</summary>
    private static bool IsWeak(RouterSettings settings, ReadOnlySpan<Belief> beliefs, ReadOnlySpan<double> pmf, ReadOnlySpan<double> baseline)
    {
        double most = 0;
        foreach (double probability in pmf) most = Math.Max(most, probability);
        Belief best = BestOf(beliefs, baseline);
        int judged = -1;
        for (int i = 0; i < pmf.Length; i++)
        {
            if (pmf[i] != most || baseline[i] > 0) continue;
            if (judged >= 0 && beliefs[i].IsLike(beliefs[judged])) continue; // ties are usually arms nothing is known of: one comparison serves all
            judged = i;
            if (beliefs[i].Samples < settings.MinSamples || !Confidence.IsAtLeast(beliefs[i], best, settings.MinConfidence)) return true;
        }

        return false;
    }

    /// <summary>The belief to measure against where the baseline has several arms: of highest mean, and of these the most certain.</summary>
    public static Belief BestOf(ReadOnlySpan<Belief> beliefs, ReadOnlySpan<double> baseline)
    {
        int best = -1;
        for (int i = 0; i < baseline.Length; i++)
        {
            if (baseline[i] == 0) continue;
            if (best < 0 || beliefs[i].Mean > beliefs[best].Mean || (beliefs[i].Mean == beliefs[best].Mean && beliefs[i].Variance < beliefs[best].Variance)) best = i;
        }

        return beliefs[Math.Max(0, best)];
    }
}
