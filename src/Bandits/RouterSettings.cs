using Bandits.Budgets;
using Bandits.Contextual;
using Bandits.Journaling;
using Bandits.Numerics;
using Bandits.Policies;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <summary>Checked options, immutable, read once per decision and swapped as a whole.</summary>
internal sealed class RouterSettings
{
    private readonly int _stateHeader;
    private readonly int _stateArm;
    private readonly bool _renewsArms;

    public RouterSettings(RouterOptions options, ArmCatalog catalog, SegmentSchema schema)
    {
        Strategy = options.Strategy;
        Objective = options.Strategy switch
        {
            Strategy.Performance or Strategy.Budgeted => Objective.Quality,
            Strategy.Cost => Objective.Cost,
            _ when options.SuccessUsd is { } success => new Objective(success, 1, options.LatencyUsdPerSecond),
            _ => Objective.FromWeights(options.SuccessWeight, options.CostWeight, options.ReferenceCostUsd, options.LatencyUsdPerSecond),
        };
        Policy = options.Policy ?? (Strategy switch
        {
            Strategy.Budgeted => BudgetedDefaults.Policy,
            Strategy.Adaptive or Strategy.AdaptiveDrift => AdaptiveDefaults.Policy,
            _ => GreedyRule.Policy,
        });
        Traits = Policy.Traits;
        Stateful = Policy as IStatefulPolicy;
        (_stateHeader, _stateArm) = (Stateful?.HeaderLength ?? 0, Stateful?.ArmLength ?? 0);
        Law = options.Law ?? (Strategy switch
        {
            Strategy.Budgeted => BeliefLaw.Student,
            Strategy.Adaptive or Strategy.AdaptiveDrift => BeliefLaw.Matched,
            _ => BeliefLaw.Beta,
        });
        Forgetting = options.Forgetting ?? (Strategy == Strategy.AdaptiveDrift ? AdaptiveDefaults.Forgetting : Forgetting.None);
        Drift = options.Drift ?? (Strategy == Strategy.AdaptiveDrift ? AdaptiveDefaults.Drift : null);
        Budget = options.Budget;
        ArmDrift = options.ArmDrift ?? (Strategy == Strategy.Budgeted ? new ArmDriftDetection() : null);
        Detector = Drift?.Create();
        Maturity = Drift is { } drift ? new MaturityQueue(drift.Maturity) : null;
        (QualityShift, CostShift) = (ArmDrift?.Quality, ArmDrift?.Cost);
        NeedsSquares = Law != BeliefLaw.Beta || (Traits & PolicyTraits.UsesVariance) != 0;
        MinSamples = options.MinSamples;
        MinConfidence = options.MinConfidence;
        FallbackToBaseline = options.FallbackToBaseline && (Traits & PolicyTraits.Explores) == 0;
        ExplorationRate = options.Strategy == Strategy.Learning ? options.ExplorationRate : 0;
        AdaptExploration = options.Strategy == Strategy.Learning && options.AdaptExploration;
        ExplorationFloor = options.ExplorationFloor;
        SwitchCostUsd = options.SwitchCostUsd;
        SessionCapacity = options.SessionCapacity;
        SafetyGate = options.SafetyGate;
        SafetyBaseline = BaselineIn(catalog);
        SafetyDimension = Array.IndexOf(schema.Dimensions, SafetyGate?.Scope);
        QualityFloor = options.Strategy == Strategy.Cost ? options.QualityFloor : 0;
        QualityFloorConfidence = options.QualityFloorConfidence;
        LatencyLimit = options.LatencyLimit;
        LatencyBucket = LatencyLimit is { } limit ? LatencyHistogram.BucketOf((long)(limit.Seconds * FixedPoint.MicrosecondsPerSecond)) : 0;
        PriorLatencySeconds = options.PriorLatencySeconds;
        ReferenceCostUsd = options.ReferenceCostUsd;
        MinSavingUsd = options.MinSavingUsd;
        Pooling = options.Pooling;
        _renewsArms = !AdaptExploration && QualityFloor == 0 && LatencyLimit is null && !(Pooling && schema.Depth > 0);
        ImmediateRollUp = options.ImmediateRollUp;
        Propensities = options.Propensities;
        Seed = options.Seed;
        StreamKey = RandomStream.KeyOf(options.Seed, options.Incarnation);
        TypicalInputTokens = options.TypicalInputTokens;
        TypicalOutputTokens = options.TypicalOutputTokens;
        Rules = RuleTable.Compile(options.BaselineRules, schema);
        KeepsOrder = CountsPending || Stateful is not null || Drift is not null || !Forgetting.IsNone;
        KeepsChoices = CanKeepChoices;
        ChoosesInPlace = IsOwn(Policy.GetType());
        Models = options.Model is { } model ? new FeatureModels(model, options.ModelUse, options.ModelDepth, options.ModelMass) : null;
        Catalog = catalog;
        Caps = CapSet.Of(options, catalog);
        OriginWeights = [];
        (ListCostUsd, HasListPrice) = ListCosts(catalog);
        PriceTiers = new PriceTiers(catalog, ListCostUsd, HasListPrice);
    }

    public ArmCatalog Catalog { get; private set; }

    /// <summary>Where decisions and outcomes are written down; null when nowhere.</summary>
    public IRouterJournal? Journal { get; private set; }

    /// <summary>Who times and traces; null for nobody.</summary>
    public IRouterProbe? Probe { get; private set; }

    /// <summary>See <see cref="IRouterProbe.TimedMask"/>; without a probe no sequence fits.</summary>
    public ulong TimedMask { get; private set; } = ulong.MaxValue;

    /// <summary>Grows with every change of settings, arms and prices while the router runs.</summary>
    public int Version { get; private set; }

    public Strategy Strategy { get; }

    public Objective Objective { get; }

    public IRoutingPolicy Policy { get; }

    public PolicyTraits Traits { get; }

    /// <summary>The policy, if it has a state of its own.</summary>
    public IStatefulPolicy? Stateful { get; }

    /// <summary>Numbers of that policy's state for so many arms.</summary>
    public int StateLengthOf(int arms) => _stateHeader + arms * _stateArm;

    public BeliefLaw Law { get; }

    public Forgetting Forgetting { get; }

    public DriftDetection? Drift { get; }

    /// <summary>How arms that change everywhere are found; null for not at all.</summary>
    public ArmDriftDetection? ArmDrift { get; }

    /// <summary>The detectors of <see cref="ArmDrift"/>.</summary>
    public ShiftDetector? QualityShift { get; }

    public ShiftDetector? CostShift { get; }

    /// <summary>The model of features; null for none.</summary>
    public FeatureModels? Models { get; }

    /// <summary>What may be spent; null for no bound.</summary>
    public Budget? Budget { get; private set; }

    /// <summary>What may be spent in an hour or a day; null for no bound.</summary>
    public CapSet? Caps { get; private set; }

    /// <summary>The detector of <see cref="Drift"/>.</summary>
    public IChangeDetector? Detector { get; }

    /// <summary>What brings outcomes to the detector in the order of their decisions.</summary>
    public MaturityQueue? Maturity { get; }

    /// <summary>Whether beliefs need sums of squares.</summary>
    public bool NeedsSquares { get; }

    public bool CountsPending => (Traits & PolicyTraits.CountsPending) != 0;

    /// <summary>Whether a segment keeps anything that depends on the order of decisions and outcomes.</summary>
    public bool KeepsOrder { get; }

    /// <summary>Whether an outcome changes the belief of its own arm and nothing else of a decision.</summary>
    public bool RenewsArms => _renewsArms && !Catalog.HasLikened && !Catalog.HasExplorationBounds;

    /// <summary>Whether a plan holds until an outcome comes; under a safety gate and under caps every decision changes what is allowed, under a budget what a dollar costs.</summary>
    public bool KeepsPlans => SafetyGate is null && Budget is null && Caps is null && (Traits & (PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.CountsPending)) == PolicyTraits.DependsOnBeliefsOnly;

    /// <summary>Whether the beliefs that a policy chooses from are kept until an outcome comes.</summary>
    public bool KeepsChoices { get; private set; }

    private bool CanKeepChoices => KeepsPlans && !WantsPmf && !KeepsOrder;

    /// <summary>Whether the policy is the library's own, which may choose from beliefs that another thread is renewing; the choice is then thrown away.</summary>
    public bool ChoosesInPlace { get; }

    /// <summary>Whether the policy is asked for its pmf; else for a choice.</summary>
    public bool WantsPmf => Propensities || Budget is not null || Journal is not null || (Traits & PolicyTraits.NeedsPropensity) != 0 || (Traits & (PolicyTraits.DependsOnBeliefsOnly | PolicyTraits.CostlyPmf)) == PolicyTraits.DependsOnBeliefsOnly;

    public RuleTable Rules { get; }

    public double MinSamples { get; }

    public double MinConfidence { get; }

    public bool FallbackToBaseline { get; }

    public double ExplorationRate { get; private set; }

    public bool AdaptExploration { get; private set; }

    public double ExplorationFloor { get; }

    public double SwitchCostUsd { get; }

    public int SessionCapacity { get; }

    public SafetyGate? SafetyGate { get; }

    /// <summary>Dense index of the gate's baseline arm; -1 without a gate.</summary>
    public int SafetyBaseline { get; private set; }

    /// <summary>Number of the dimension whose values are the gate's scopes; -1 when the whole router is one.</summary>
    public int SafetyDimension { get; }

    /// <summary>0 unless the strategy has a floor.</summary>
    public double QualityFloor { get; }

    public double QualityFloorConfidence { get; }

    public LatencyLimit? LatencyLimit { get; }

    /// <summary>Bucket of the limit.</summary>
    public int LatencyBucket { get; }

    public double PriorLatencySeconds { get; }

    public double ReferenceCostUsd { get; }

    public int TypicalInputTokens { get; }

    public int TypicalOutputTokens { get; }

    public double MinSavingUsd { get; }

    public bool Pooling { get; }

    public bool ImmediateRollUp { get; }

    public bool Propensities { get; }

    public ulong Seed { get; }

    /// <summary>Key of the random streams of this router's own incarnation.</summary>
    public ulong StreamKey { get; private set; }

    /// <summary>Weight of joined evidence by origin number.</summary>
    public double[] OriginWeights { get; private set; }

    /// <summary>Cost of a typical call at list price by arm; the reference cost where a price is unknown.</summary>
    public double[] ListCostUsd { get; private set; }

    /// <summary>Whether both prices of the arm are known.</summary>
    public bool[] HasListPrice { get; private set; }

    /// <summary>Which arms are of the price of those that take their prior from there.</summary>
    public PriceTiers PriceTiers { get; private set; }

    /// <summary>Other options and arms for the same router: what it was given while it runs stays.</summary>
    public RouterSettings With(RouterOptions options, ArmCatalog catalog, SegmentSchema schema)
    {
        RouterSettings copy = new RouterSettings(options, catalog, schema).With(catalog, OriginWeights);
        (copy.Journal, copy.Probe, copy.TimedMask, copy.StreamKey, copy.Version) = (Journal, Probe, TimedMask, StreamKey, Version + 1);
        copy.KeepsChoices = copy.CanKeepChoices;
        return copy;
    }

    public RouterSettings With(ArmCatalog catalog) => With(catalog, OriginWeights);

    public RouterSettings With(double[] originWeights) => With(Catalog, originWeights);

    public RouterSettings With(IRouterJournal? journal)
    {
        RouterSettings copy = With(Catalog, OriginWeights);
        copy.Journal = journal;
        copy.KeepsChoices = copy.CanKeepChoices;
        return copy;
    }

    public RouterSettings WithExploration(bool adapts, double rate)
    {
        RouterSettings copy = With(Catalog, OriginWeights);
        (copy.AdaptExploration, copy.ExplorationRate) = (adapts, rate);
        return copy;
    }

    public RouterSettings WithBudget(Budget? budget)
    {
        RouterSettings copy = With(Catalog, OriginWeights);
        copy.Budget = budget;
        return copy;
    }

    public RouterSettings With(IRouterProbe probe)
    {
        RouterSettings copy = With(Catalog, OriginWeights);
        (copy.Probe, copy.TimedMask) = (probe, probe.TimedMask);
        return copy;
    }

    private RouterSettings With(ArmCatalog catalog, double[] originWeights)
    {
        var copy = (RouterSettings)MemberwiseClone();
        (copy.Catalog, copy.OriginWeights) = (catalog, originWeights);
        (copy.ListCostUsd, copy.HasListPrice) = ListCosts(catalog);
        copy.PriceTiers = new PriceTiers(catalog, copy.ListCostUsd, copy.HasListPrice);
        copy.SafetyBaseline = BaselineIn(catalog);
        copy.Caps = Caps?.For(catalog);
        copy.Version++;
        return copy;
    }

    private int BaselineIn(ArmCatalog catalog) => SafetyGate is not null && catalog.TryIndexOf(SafetyGate.BaselineArmId, out int baseline) ? baseline : -1;

    /// <summary>Whether a type is the library's own; of a generic one, what it is made for as well.</summary>
    private static bool IsOwn(Type type)
    {
        if (type.Assembly != typeof(RouterSettings).Assembly) return false;
        foreach (Type argument in type.GenericTypeArguments)
            if (argument.Assembly == type.Assembly ? !IsOwn(argument) : !argument.IsPrimitive) return false;
        return true;
    }

    private (double[] Costs, bool[] Known) ListCosts(ArmCatalog catalog)
    {
        var costs = new double[catalog.Count];
        var known = new bool[catalog.Count];
        for (int arm = 0; arm < costs.Length; arm++)
        {
            double? cost = catalog.Arms[arm].ListCostUsd(TypicalInputTokens, TypicalOutputTokens);
            (costs[arm], known[arm]) = (cost ?? ReferenceCostUsd, cost is not null);
        }

        return (costs, known);
    }
}
