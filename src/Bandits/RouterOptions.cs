using Bandits.Budgets;

namespace Bandits;

/// <summary>What a router is made from: mutable options, checked all at once, then copied into immutable settings.</summary>
public sealed class RouterOptions
{
    /// <summary>The arms to start with; more can be added at run time.</summary>
    public IList<Arm> Arms { get; private set; } = [];

    /// <summary>
    /// Status to give to arms, by id. An arm that is not named keeps the status it has; a new one is enabled. A retired arm stays retired.
    /// </summary>
    public IDictionary<string, ArmStatus> ArmStatuses { get; private set; } = new Dictionary<string, ArmStatus>(StringComparer.Ordinal);

    /// <summary>Names of the segment's dimensions, broadest first, at most 8; evidence is pooled along this order. Empty: one segment for all traffic.</summary>
    /// <value>role, area, risk, complexity</value>
    public IReadOnlyList<string> Dimensions { get; set; } = ["role", "area", "risk", "complexity"];

    /// <summary>Distinct values kept per dimension, in [1, 65533]; further ones share the value "(other)". Lowered to what the packing allows.</summary>
    /// <value>4,096 values</value>
    public int MaxValuesPerDimension { get; set; } = 4096;

    /// <summary>Leaf segments kept, in [1, 16777216]; further ones share one segment.</summary>
    /// <value>65,536 segments</value>
    public int MaxSegments { get; set; } = 65536;

    /// <summary>
    /// Cells that reading a state or a store may make room for, in [1024, 2147483647]; a cell is a segment's, a parent's or an origin's room for one arm, 220 to 700 bytes. Reading
    /// what asks for more is an <see cref="InsufficientMemoryException"/> and changes nothing: a damaged or forged file is not to take all memory. What is decided and recorded later
    /// is not held to it.
    /// </summary>
    /// <value>null: as many as three quarters of the memory that the process may use hold, at 450 bytes each</value>
    public int? MaxRestoredCells { get; set; }

    /// <summary>Seed of all randomness.</summary>
    /// <value>0</value>
    public ulong Seed { get; set; }

    /// <summary>Incarnation of decision ids, not 0: give every opening of a store, and every router of a process, its own.</summary>
    /// <value>1</value>
    public ulong Incarnation { get; set; } = 1;

    /// <summary>Which of the strategies.</summary>
    /// <value><see cref="Strategy.Learning"/></value>
    public Strategy Strategy { get; set; } = Strategy.Learning;

    /// <summary>A policy to use instead of the strategy's own; it decides on the strategy's objective.</summary>
    /// <value>null</value>
    public IRoutingPolicy? Policy { get; set; }

    /// <summary>How evidence becomes a law of quality; null for the strategy's own.</summary>
    /// <value>null: <see cref="BeliefLaw.Matched"/> for the adaptive strategies, <see cref="BeliefLaw.Student"/> for <see cref="Strategy.Budgeted"/>, <see cref="BeliefLaw.Beta"/> for the others</value>
    public BeliefLaw? Law { get; set; }

    /// <summary>What a segment remembers of its own outcomes; null for the strategy's own. Evidence itself is never forgotten, and parents borrow and lend all of it.</summary>
    /// <value>null: a discount of 0.9998 for <see cref="Strategy.AdaptiveDrift"/>, <see cref="Forgetting.None"/> for the others</value>
    public Forgetting? Forgetting { get; set; }

    /// <summary>Restarts by change detection; null for the strategy's own.</summary>
    /// <value>null: GLR restarts for <see cref="Strategy.AdaptiveDrift"/>, none for the others</value>
    public DriftDetection? Drift { get; set; }

    /// <summary>Detection of arms that change in all segments at once; null for the strategy's own.</summary>
    /// <value>null: on for <see cref="Strategy.Budgeted"/>, off for the others</value>
    public ArmDriftDetection? ArmDrift { get; set; }

    /// <summary>What decisions may cost on average; null for no bound. <see cref="Strategy.Budgeted"/> needs one, any other strategy but <see cref="Strategy.Baseline"/> may have one.</summary>
    /// <value>null</value>
    public Budget? Budget { get; set; }

    /// <summary>The most that may be spent in an hour or a day, at most 32 caps; an arm must have room in all that hold for it. Decisions then need a time: their own or that of <see cref="BanditRouter.SetClock"/>.</summary>
    /// <value>none</value>
    public IReadOnlyList<SpendCap> SpendCaps { get; set; } = [];

    /// <summary>
    /// Id of the arm, one of <see cref="Arms"/>, that is chosen all the same when <see cref="SpendCaps"/> leave no arm (<see cref="DecisionTraits.LastResort"/>), if nothing else speaks against it: what it costs passes the cap, counts, and is reported. Null:
    /// the decision is then refused (<see cref="Ineligibility.OverCap"/>).
    /// </summary>
    /// <value>null</value>
    public string? LastResortArmId { get; set; }

    /// <summary>Effective sample size, own plus borrowed, below which belief in an arm is weak; in [0, 1e9].</summary>
    /// <value>5 outcomes</value>
    public double MinSamples { get; set; } = 5;

    /// <summary>Weight of success, in [0, 1e6]; see <see cref="Objective.FromWeights"/>.</summary>
    /// <value>0.7</value>
    public double SuccessWeight { get; set; } = 0.7;

    /// <summary>
    /// What a success is worth, USD, in [1e-9, 1e6], for strategies that weigh success against cost: the objective is then <c>SuccessUsd q - cost - LatencyUsdPerSecond latency</c>. Null: from the weights, see
    /// <see cref="Objective.FromWeights"/>.
    /// </summary>
    /// <value>null</value>
    public double? SuccessUsd { get; set; }

    /// <summary>Weight of cost, 0 or in [1e-6, 1e6]; 0 ignores cost.</summary>
    /// <value>0.3</value>
    public double CostWeight { get; set; } = 0.3;

    /// <summary>The fixed cost that turns the weights into dollars, USD, in [1e-9, 1e6]. Choose about what a typical task costs.</summary>
    /// <value>$0.10</value>
    public double ReferenceCostUsd { get; set; } = 0.10;

    /// <summary>What a second of latency costs, USD, in [0, 1e6].</summary>
    /// <value>$0</value>
    public double LatencyUsdPerSecond { get; set; }

    /// <summary>Share of decisions that <see cref="Strategy.Learning"/> spreads evenly over all eligible arms, in [0, 1]. The start value when it adapts.</summary>
    /// <value>0.1</value>
    public double ExplorationRate { get; set; } = 0.1;

    /// <summary>Whether the exploration share adapts, between 0.05 and 0.3, to the shortfall of observed against predicted quality.</summary>
    /// <value>true</value>
    public bool AdaptExploration { get; set; } = true;

    /// <summary>
    /// Smallest probability of every eligible arm, in [0, 1]; with K eligible arms at most 1/K. Combines with <see cref="ExplorationRate"/>: the share spread evenly is the larger of
    /// that and min(1, K floor). Without a floor a deterministic policy gives most arms no probability at all, and no other policy can be judged from what it did.
    /// </summary>
    /// <value>0</value>
    public double ExplorationFloor { get; set; }

    /// <summary>
    /// Gain in expected utility, USD, 0 or more, up to which a session (<see cref="Request.Session"/>) keeps its arm rather than draw anew; it always draws anew when the arm is no longer
    /// eligible, or held back by the safety gate. The default, infinity, keeps it as long as it may be chosen.
    /// </summary>
    /// <value>infinity</value>
    public double SwitchCostUsd { get; set; } = double.PositiveInfinity;

    /// <summary>Sessions remembered, counted per segment, a power of two in [16, 2^26]; 32 bytes each, taken at the first request with a session. Beyond that, those
    /// not used for longest are forgotten.</summary>
    /// <value>65,536 sessions (2 MiB)</value>
    public int SessionCapacity { get; set; } = 65536;

    /// <summary>A promise not to fall far below a baseline arm's quality; null for none.</summary>
    /// <value>null</value>
    public SafetyGate? SafetyGate { get; set; }

    /// <summary>P(utility of the chosen arm is not below that of the baseline's arm) under which belief is weak; in [0, 1].</summary>
    /// <value>0.6</value>
    public double MinConfidence { get; set; } = 0.6;

    /// <summary>Whether the baseline rule replaces the exploiting part of the probabilities where belief is weak.</summary>
    /// <value>true</value>
    public bool FallbackToBaseline { get; set; } = true;

    /// <summary>The baseline table; null for <see cref="BaselineRule.Defaults"/>.</summary>
    /// <value>null</value>
    public IReadOnlyList<BaselineRule>? BaselineRules { get; set; }

    /// <summary>Quality that <see cref="Strategy.Cost"/> must be sure of, in [0, 1].</summary>
    /// <value>0.7</value>
    public double QualityFloor { get; set; } = 0.7;

    /// <summary>How sure: the probability that quality is above the floor, in [0.5, 1).</summary>
    /// <value>0.9</value>
    public double QualityFloorConfidence { get; set; } = 0.9;

    /// <summary>How slow arms may be, judged by the tail of their latencies; null for no limit.</summary>
    /// <value>null</value>
    public LatencyLimit? LatencyLimit { get; set; }

    /// <summary>Saving per task below which <see cref="BanditRouter.Summarize"/> does not report it, USD, in [0, 1e6].</summary>
    /// <value>$0: every saving is reported</value>
    public double MinSavingUsd { get; set; }

    /// <summary>Input tokens of a typical call, for list prices, in [0, 1e9].</summary>
    /// <value>2,000 tokens</value>
    public int TypicalInputTokens { get; set; } = 2000;

    /// <summary>Output tokens of a typical call, for list prices, in [0, 1e9].</summary>
    /// <value>500 tokens</value>
    public int TypicalOutputTokens { get; set; } = 500;

    /// <summary>Latency assumed of an arm before any evidence, seconds, in [0, 31536000].</summary>
    /// <value>1 s</value>
    public double PriorLatencySeconds { get; set; } = 1;

    /// <summary>Whether a segment borrows from its parents.</summary>
    /// <value>true</value>
    public bool Pooling { get; set; } = true;

    /// <summary>Whether every outcome reaches the parents at once; false lets them lag by at most a sixteenth of a cell's own outcomes, which is faster.</summary>
    /// <value>false</value>
    public bool ImmediateRollUp { get; set; }

    /// <summary>Time after which a refusal by an arm weighs half, seconds, in [0.001, 86400].</summary>
    /// <value>30 s</value>
    public double AvailabilityHalfLifeSeconds { get; set; } = 30;

    /// <summary>Whether the exact probability mass function is computed for every decision; false lets a policy that need not compute it draw directly.</summary>
    /// <value>true</value>
    public bool Propensities { get; set; } = true;

    /// <summary>Decisions whose outcome can still be recorded or corrected, a power of two in [16, 2^26]; 64 bytes each.</summary>
    /// <value>65,536 decisions (4 MiB)</value>
    public int LedgerCapacity { get; set; } = 65536;

    /// <summary>
    /// Features of a request (<see cref="Request.Features"/>) that are kept until its decision leaves the ledger, in [0, 4096]; 0 keeps none and refuses them. Costs
    /// <see cref="LedgerCapacity"/> x (4 bytes for each feature + 48), taken at once; a state and a store keep those of open decisions where there is a <see cref="Model"/>, else they are in memory only; at most 2,147,483,591 numbers in all.
    /// </summary>
    /// <value>0 features</value>
    public int FeatureCount { get; set; }

    /// <summary>
    /// A regression of outcomes on <see cref="Request.Features"/>, one of <c>Bandits.Contextual</c> or your own; null for none. Where a request has features it changes what is believed of each arm, see
    /// <see cref="ModelUse"/>, and the policy chooses from that. <see cref="FeatureCount"/> must be the model's.
    /// </summary>
    /// <value>null</value>
    public Contextual.IFeatureModel? Model { get; set; }

    /// <summary>Whether the model corrects the segment's belief or replaces it.</summary>
    /// <value><see cref="FeatureModelUse.Correct"/></value>
    public FeatureModelUse ModelUse { get; set; }

    /// <summary>Dimensions by whose values models are kept apart, 0 or more and at most as many as there are: 0 for one model for all traffic, 2 for one for each value of the first two dimensions.</summary>
    /// <value>0</value>
    public int ModelDepth { get; set; }

    /// <summary>Most outcomes that what a segment's model borrows from that of all traffic counts for, in [0, 1e6]; only where models are kept apart.</summary>
    /// <value>50 outcomes</value>
    public double ModelMass { get; set; } = 50;

    /// <summary>
    /// Secret key of decision tokens (<see cref="BanditRouter.TokenOf"/>), 16 to 64 bytes, drawn at random, one for each store: only tokens issued under it are taken. Null: a key that follows
    /// from <see cref="Seed"/> by a fixed rule. That one protects against typing errors and mix-ups and is no secret: who knows the seed can write tokens.
    /// </summary>
    /// <value>null</value>
    public byte[]? TokenKey { get; set; }

    /// <summary>A copy with collections of its own.</summary>
    internal RouterOptions Clone()
    {
        var copy = (RouterOptions)MemberwiseClone();
        (copy.Arms, copy.ArmStatuses) = ([.. Arms], new Dictionary<string, ArmStatus>(ArmStatuses, StringComparer.Ordinal));
        copy.SpendCaps = [.. SpendCaps];
        return copy;
    }

    /// <summary>
    /// Every option by name, as something that two options can be compared by, and whether it is fixed for a router's life. Not here: arms and their statuses, which a router compares by
    /// itself, and what belongs to how it was opened.
    /// </summary>
    internal (string Name, object? Value, bool IsFixed)[] Choices() =>
    [
        (nameof(Dimensions), string.Join(", ", Dimensions), true),
        (nameof(MaxValuesPerDimension), MaxValuesPerDimension, true),
        (nameof(MaxSegments), MaxSegments, true),
        (nameof(Seed), Seed, true),
        (nameof(SessionCapacity), SessionCapacity, true),
        (nameof(SafetyGate), SafetyGate, true),
        (nameof(ImmediateRollUp), ImmediateRollUp, true),
        (nameof(AvailabilityHalfLifeSeconds), AvailabilityHalfLifeSeconds, true),
        (nameof(LedgerCapacity), LedgerCapacity, true),
        (nameof(FeatureCount), FeatureCount, true),
        (nameof(Model), Model, true),
        (nameof(ModelUse), ModelUse, true),
        (nameof(ModelDepth), ModelDepth, true),
        (nameof(ModelMass), ModelMass, true),
        (nameof(Strategy), Strategy, false),
        (nameof(Policy), Policy, false),
        (nameof(Law), Law, false),
        (nameof(Forgetting), Forgetting, false),
        (nameof(Drift), Drift, false),
        (nameof(ArmDrift), ArmDrift, false),
        (nameof(Budget), Budget, false),
        (nameof(MinSamples), MinSamples, false),
        (nameof(SuccessWeight), SuccessWeight, false),
        (nameof(SuccessUsd), SuccessUsd, false),
        (nameof(CostWeight), CostWeight, false),
        (nameof(ReferenceCostUsd), ReferenceCostUsd, false),
        (nameof(LatencyUsdPerSecond), LatencyUsdPerSecond, false),
        (nameof(ExplorationRate), ExplorationRate, false),
        (nameof(AdaptExploration), AdaptExploration, false),
        (nameof(ExplorationFloor), ExplorationFloor, false),
        (nameof(SwitchCostUsd), SwitchCostUsd, false),
        (nameof(MinConfidence), MinConfidence, false),
        (nameof(FallbackToBaseline), FallbackToBaseline, false),
        (nameof(BaselineRules), RulesText(), false),
        (nameof(QualityFloor), QualityFloor, false),
        (nameof(QualityFloorConfidence), QualityFloorConfidence, false),
        (nameof(LatencyLimit), LatencyLimit, false),
        (nameof(MinSavingUsd), MinSavingUsd, false),
        (nameof(TypicalInputTokens), TypicalInputTokens, false),
        (nameof(TypicalOutputTokens), TypicalOutputTokens, false),
        (nameof(PriorLatencySeconds), PriorLatencySeconds, false),
        (nameof(Pooling), Pooling, false),
        (nameof(Propensities), Propensities, false),
        (nameof(SpendCaps), string.Join("; ", SpendCaps), false),
        (nameof(LastResortArmId), LastResortArmId, false),
    ];

    private string? RulesText()
    {
        if (BaselineRules is null) return null;
        var text = new System.Text.StringBuilder();
        foreach (BaselineRule rule in BaselineRules) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"[{rule.Pattern}] {rule.Capability} {rule.Tier}; ");
        return text.ToString();
    }

    /// <summary>Every fault of these options, each naming the thing, its value and the allowed range; empty when they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (Arm arm in Arms)
        {
            arm.Validate(faults);
            if (!ids.Add(arm.Id)) faults.Add($"Arm id '{arm.Id}' is given twice; ids are unique.");
        }

        foreach ((string id, ArmStatus status) in ArmStatuses)
            if (!Enum.IsDefined(status)) faults.Add($"ArmStatuses: the status of arm '{id}' is {(int)status}; the allowed values are Enabled, Disabled, Retired.");
        Fault.Check(faults, Arms.Count <= ushort.MaxValue, nameof(Arms), Arms.Count, "0 to 65535 arms");
        if (Dimensions.Count > 8) faults.Add($"Dimensions has {Dimensions.Count} names; the allowed range is 0 to 8.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in Dimensions)
        {
            if (string.IsNullOrEmpty(name)) faults.Add("Dimensions holds an empty name.");
            else if (!names.Add(name)) faults.Add($"Dimension '{name}' is given twice.");
        }

        Fault.Check(faults, MaxValuesPerDimension is >= 1 and <= 65533, nameof(MaxValuesPerDimension), MaxValuesPerDimension, "[1, 65533] values");
        Fault.Check(faults, MaxSegments is >= 1 and <= 1 << 24, nameof(MaxSegments), MaxSegments, "[1, 16777216] segments");
        Fault.Check(faults, MaxRestoredCells is null or >= 1024, nameof(MaxRestoredCells), MaxRestoredCells.GetValueOrDefault(), "[1024, 2147483647] cells");
        Fault.Check(faults, Incarnation != 0, nameof(Incarnation), Incarnation, "any number but 0");
        Fault.Check(faults, Enum.IsDefined(Strategy), nameof(Strategy), (int)Strategy, "a defined Strategy");
        Fault.Check(faults, Law is null || Enum.IsDefined(Law.Value), nameof(Law), (int)Law.GetValueOrDefault(), "a defined BeliefLaw");
        Drift?.Validate(faults);
        ArmDrift?.Validate(faults);
        Budget?.Validate(faults);
        if (Strategy == Strategy.Baseline && Budget is not null) faults.Add("Budget is given; strategy Baseline follows its rules whatever they cost.");
        if (Strategy == Strategy.Budgeted && Budget is null) faults.Add("Budget is null; strategy Budgeted needs one.");
        ValidateCaps(faults, ids);
        Fault.Check(faults, MinSamples is >= 0 and <= 1e9, nameof(MinSamples), MinSamples, "[0, 1e9] outcomes");
        Fault.Check(faults, SuccessWeight is >= 0 and <= 1e6, nameof(SuccessWeight), SuccessWeight, "[0, 1e6]");
        Fault.Check(faults, SuccessUsd is null or >= 1e-9 and <= 1e6, nameof(SuccessUsd), SuccessUsd.GetValueOrDefault(), "[1e-9, 1e6] USD");
        Fault.Check(faults, CostWeight is 0 or >= 1e-6 and <= 1e6, nameof(CostWeight), CostWeight, "0 or [1e-6, 1e6]");
        Fault.Check(faults, ReferenceCostUsd is >= 1e-9 and <= 1e6, nameof(ReferenceCostUsd), ReferenceCostUsd, "[1e-9, 1e6] USD");
        Fault.Check(faults, LatencyUsdPerSecond is >= 0 and <= 1e6, nameof(LatencyUsdPerSecond), LatencyUsdPerSecond, "[0, 1e6] USD per second");
        Fault.Check(faults, ExplorationRate is >= 0 and <= 1, nameof(ExplorationRate), ExplorationRate, "[0, 1]");
        Fault.Check(faults, ExplorationFloor is >= 0 and <= 1, nameof(ExplorationFloor), ExplorationFloor, "[0, 1]");
        Fault.Check(faults, SwitchCostUsd >= 0, nameof(SwitchCostUsd), SwitchCostUsd, "[0, infinity] USD");
        Fault.Check(faults, SessionCapacity is >= 16 and <= 1 << 26 && int.IsPow2(SessionCapacity), nameof(SessionCapacity), SessionCapacity, "a power of two in [16, 67108864] sessions");
        SafetyGate?.Validate(faults, ids, names);
        Fault.Check(faults, MinConfidence is >= 0 and <= 1, nameof(MinConfidence), MinConfidence, "[0, 1]");
        Fault.Check(faults, QualityFloor is >= 0 and <= 1, nameof(QualityFloor), QualityFloor, "[0, 1]");
        Fault.Check(faults, QualityFloorConfidence is >= 0.5 and < 1, nameof(QualityFloorConfidence), QualityFloorConfidence, "[0.5, 1)");
        LatencyLimit?.Validate(faults);
        Fault.Check(faults, MinSavingUsd is >= 0 and <= 1e6, nameof(MinSavingUsd), MinSavingUsd, "[0, 1e6] USD");
        Fault.Check(faults, TypicalInputTokens is >= 0 and <= 1_000_000_000, nameof(TypicalInputTokens), TypicalInputTokens, "[0, 1e9] tokens");
        Fault.Check(faults, TypicalOutputTokens is >= 0 and <= 1_000_000_000, nameof(TypicalOutputTokens), TypicalOutputTokens, "[0, 1e9] tokens");
        Fault.Check(faults, PriorLatencySeconds is >= 0 and <= 31536000, nameof(PriorLatencySeconds), PriorLatencySeconds, "[0, 31536000] seconds");
        Fault.Check(faults, AvailabilityHalfLifeSeconds is >= 0.001 and <= 86400, nameof(AvailabilityHalfLifeSeconds), AvailabilityHalfLifeSeconds, "[0.001, 86400] seconds");
        Fault.Check(faults, LedgerCapacity is >= 16 and <= 1 << 26 && int.IsPow2(LedgerCapacity), nameof(LedgerCapacity), LedgerCapacity, "a power of two in [16, 67108864] decisions");
        Fault.Check(faults, FeatureCount is >= 0 and <= 4096, nameof(FeatureCount), FeatureCount, "[0, 4096] features");
        Fault.Check(faults, (long)LedgerCapacity * FeatureCount <= Array.MaxLength, "LedgerCapacity x FeatureCount", (double)LedgerCapacity * FeatureCount, "[0, 2147483591] numbers");
        if (Model is not null) Fault.Check(faults, FeatureCount == Model.FeatureCount, nameof(FeatureCount), FeatureCount, $"{Model.FeatureCount} features, as many as the model has");
        Fault.Check(faults, Enum.IsDefined(ModelUse), nameof(ModelUse), (int)ModelUse, "a defined FeatureModelUse");
        Fault.Check(faults, ModelDepth >= 0 && ModelDepth <= Dimensions.Count, nameof(ModelDepth), ModelDepth, $"[0, {Dimensions.Count}] dimensions");
        Fault.Check(faults, ModelMass is >= 0 and <= 1e6, nameof(ModelMass), ModelMass, "[0, 1e6] outcomes");
        if (TokenKey is { Length: < 16 or > 64 } key) faults.Add($"TokenKey has {key.Length} bytes; the allowed range is 16 to 64 bytes.");
        foreach (BaselineRule rule in BaselineRules ?? [])
            foreach ((string dimension, _) in rule.Conditions)
                if (!names.Contains(dimension))
                    faults.Add($"Baseline pattern '{rule.Pattern}' names dimension '{dimension}'; the dimensions are {string.Join(", ", Dimensions)}.");
        return faults;
    }

    private void ValidateCaps(List<string> faults, HashSet<string> armIds)
    {
        Fault.Check(faults, SpendCaps.Count <= CapSet.Most, nameof(SpendCaps), SpendCaps.Count, $"0 to {CapSet.Most} caps");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (SpendCap cap in SpendCaps)
        {
            cap.Validate(faults);
            if (!names.Add(cap.Name ?? "")) faults.Add($"SpendCap '{cap.Name}' is given twice; names are unique.");
        }

        if (LastResortArmId is not null && !armIds.Contains(LastResortArmId)) faults.Add($"{nameof(LastResortArmId)} is '{LastResortArmId}'; it needs the id of one of the arms.");
    }
}
