namespace Bandits.Extensions;

/// <content>What passes to <see cref="RouterOptions"/> under the same name, with its meaning, range and default.</content>
public sealed partial class BanditsOptions
{
    private readonly RouterOptions _router = new();

    /// <inheritdoc cref="RouterOptions.MaxValuesPerDimension"/>
    public int MaxValuesPerDimension
    {
        get => _router.MaxValuesPerDimension;
        set => _router.MaxValuesPerDimension = value;
    }

    /// <inheritdoc cref="RouterOptions.MaxSegments"/>
    public int MaxSegments
    {
        get => _router.MaxSegments;
        set => _router.MaxSegments = value;
    }

    /// <inheritdoc cref="RouterOptions.MaxRestoredCells"/>
    public int? MaxRestoredCells
    {
        get => _router.MaxRestoredCells;
        set => _router.MaxRestoredCells = value;
    }

    /// <inheritdoc cref="RouterOptions.Seed"/>
    public ulong Seed
    {
        get => _router.Seed;
        set => _router.Seed = value;
    }

    /// <inheritdoc cref="RouterOptions.Strategy"/>
    public Strategy Strategy
    {
        get => _router.Strategy;
        set => _router.Strategy = value;
    }

    /// <inheritdoc cref="RouterOptions.Law"/>
    public BeliefLaw? Law
    {
        get => _router.Law;
        set => _router.Law = value;
    }

    /// <inheritdoc cref="RouterOptions.LastResortArmId"/>
    public string? LastResortArmId
    {
        get => _router.LastResortArmId;
        set => _router.LastResortArmId = value;
    }

    /// <inheritdoc cref="RouterOptions.MinSamples"/>
    public double MinSamples
    {
        get => _router.MinSamples;
        set => _router.MinSamples = value;
    }

    /// <inheritdoc cref="RouterOptions.SuccessWeight"/>
    public double SuccessWeight
    {
        get => _router.SuccessWeight;
        set => _router.SuccessWeight = value;
    }

    /// <inheritdoc cref="RouterOptions.SuccessUsd"/>
    public double? SuccessUsd
    {
        get => _router.SuccessUsd;
        set => _router.SuccessUsd = value;
    }

    /// <inheritdoc cref="RouterOptions.CostWeight"/>
    public double CostWeight
    {
        get => _router.CostWeight;
        set => _router.CostWeight = value;
    }

    /// <inheritdoc cref="RouterOptions.ReferenceCostUsd"/>
    public double ReferenceCostUsd
    {
        get => _router.ReferenceCostUsd;
        set => _router.ReferenceCostUsd = value;
    }

    /// <inheritdoc cref="RouterOptions.LatencyUsdPerSecond"/>
    public double LatencyUsdPerSecond
    {
        get => _router.LatencyUsdPerSecond;
        set => _router.LatencyUsdPerSecond = value;
    }

    /// <inheritdoc cref="RouterOptions.ExplorationRate"/>
    public double ExplorationRate
    {
        get => _router.ExplorationRate;
        set => _router.ExplorationRate = value;
    }

    /// <inheritdoc cref="RouterOptions.AdaptExploration"/>
    public bool AdaptExploration
    {
        get => _router.AdaptExploration;
        set => _router.AdaptExploration = value;
    }

    /// <inheritdoc cref="RouterOptions.ExplorationFloor"/>
    public double ExplorationFloor
    {
        get => _router.ExplorationFloor;
        set => _router.ExplorationFloor = value;
    }

    /// <inheritdoc cref="RouterOptions.SwitchCostUsd"/>
    public double SwitchCostUsd
    {
        get => _router.SwitchCostUsd;
        set => _router.SwitchCostUsd = value;
    }

    /// <inheritdoc cref="RouterOptions.SessionCapacity"/>
    public int SessionCapacity
    {
        get => _router.SessionCapacity;
        set => _router.SessionCapacity = value;
    }

    /// <inheritdoc cref="RouterOptions.MinConfidence"/>
    public double MinConfidence
    {
        get => _router.MinConfidence;
        set => _router.MinConfidence = value;
    }

    /// <inheritdoc cref="RouterOptions.FallbackToBaseline"/>
    public bool FallbackToBaseline
    {
        get => _router.FallbackToBaseline;
        set => _router.FallbackToBaseline = value;
    }

    /// <inheritdoc cref="RouterOptions.QualityFloor"/>
    public double QualityFloor
    {
        get => _router.QualityFloor;
        set => _router.QualityFloor = value;
    }

    /// <inheritdoc cref="RouterOptions.QualityFloorConfidence"/>
    public double QualityFloorConfidence
    {
        get => _router.QualityFloorConfidence;
        set => _router.QualityFloorConfidence = value;
    }

    /// <inheritdoc cref="RouterOptions.MinSavingUsd"/>
    public double MinSavingUsd
    {
        get => _router.MinSavingUsd;
        set => _router.MinSavingUsd = value;
    }

    /// <inheritdoc cref="RouterOptions.TypicalInputTokens"/>
    public int TypicalInputTokens
    {
        get => _router.TypicalInputTokens;
        set => _router.TypicalInputTokens = value;
    }

    /// <inheritdoc cref="RouterOptions.TypicalOutputTokens"/>
    public int TypicalOutputTokens
    {
        get => _router.TypicalOutputTokens;
        set => _router.TypicalOutputTokens = value;
    }

    /// <inheritdoc cref="RouterOptions.PriorLatencySeconds"/>
    public double PriorLatencySeconds
    {
        get => _router.PriorLatencySeconds;
        set => _router.PriorLatencySeconds = value;
    }

    /// <inheritdoc cref="RouterOptions.Pooling"/>
    public bool Pooling
    {
        get => _router.Pooling;
        set => _router.Pooling = value;
    }

    /// <inheritdoc cref="RouterOptions.ImmediateRollUp"/>
    public bool ImmediateRollUp
    {
        get => _router.ImmediateRollUp;
        set => _router.ImmediateRollUp = value;
    }

    /// <inheritdoc cref="RouterOptions.AvailabilityHalfLifeSeconds"/>
    public double AvailabilityHalfLifeSeconds
    {
        get => _router.AvailabilityHalfLifeSeconds;
        set => _router.AvailabilityHalfLifeSeconds = value;
    }

    /// <inheritdoc cref="RouterOptions.Propensities"/>
    public bool Propensities
    {
        get => _router.Propensities;
        set => _router.Propensities = value;
    }

    /// <inheritdoc cref="RouterOptions.LedgerCapacity"/>
    public int LedgerCapacity
    {
        get => _router.LedgerCapacity;
        set => _router.LedgerCapacity = value;
    }

    /// <inheritdoc cref="RouterOptions.FeatureCount"/>
    public int FeatureCount
    {
        get => _router.FeatureCount;
        set => _router.FeatureCount = value;
    }

    /// <inheritdoc cref="RouterOptions.TokenKey"/>
    public byte[]? TokenKey
    {
        get => _router.TokenKey;
        set => _router.TokenKey = value;
    }
}
