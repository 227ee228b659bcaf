namespace Bandits.Extensions;

/// <summary>An arm in configuration. What is left out has <see cref="Arm"/>'s default.</summary>
public sealed class ArmOptions
{
    /// <inheritdoc cref="Arm.Id"/>
    /// <value>null: its name in <see cref="BanditsOptions.Arms"/></value>
    public string? Id { get; set; }

    /// <inheritdoc cref="Arm.Provider"/>
    /// <value>null: default</value>
    public string? Provider { get; set; }

    /// <inheritdoc cref="Arm.Tier"/>
    /// <value>null: Standard</value>
    public ArmTier? Tier { get; set; }

    /// <inheritdoc cref="Arm.Capabilities"/>
    public IList<string> Capabilities { get; } = [];

    /// <inheritdoc cref="Arm.InputUsdPerMillionTokens"/>
    public double? InputUsdPerMillionTokens { get; set; }

    /// <inheritdoc cref="Arm.OutputUsdPerMillionTokens"/>
    public double? OutputUsdPerMillionTokens { get; set; }

    /// <inheritdoc cref="Arm.ContextWindow"/>
    public int? ContextWindow { get; set; }

    /// <inheritdoc cref="Arm.PriorQuality"/>
    public double? PriorQuality { get; set; }

    /// <inheritdoc cref="Arm.PriorSamples"/>
    public double? PriorSamples { get; set; }

    /// <inheritdoc cref="Arm.SimilarTo"/>
    public string? SimilarTo { get; set; }

    /// <inheritdoc cref="Arm.PriorFromPriceTier"/>
    /// <value>null: false</value>
    public bool? PriorFromPriceTier { get; set; }

    /// <inheritdoc cref="Arm.ExplorationUsd"/>
    public double? ExplorationUsd { get; set; }

    /// <summary>Whether the arm takes part, from the start and whenever a reload changes this. What is left out decides nothing: a new arm takes part, one that the store knows keeps its status.</summary>
    /// <value>null: as it is</value>
    public bool? Enabled { get; set; }

    internal Arm ToArm(string name)
    {
        var arm = new Arm { Id = Id ?? name };
        return arm with
        {
            Provider = Provider ?? arm.Provider,
            Tier = Tier ?? arm.Tier,
            Capabilities = [.. Capabilities],
            InputUsdPerMillionTokens = InputUsdPerMillionTokens,
            OutputUsdPerMillionTokens = OutputUsdPerMillionTokens,
            ContextWindow = ContextWindow,
            PriorQuality = PriorQuality ?? arm.PriorQuality,
            PriorSamples = PriorSamples ?? arm.PriorSamples,
            SimilarTo = SimilarTo,
            PriorFromPriceTier = PriorFromPriceTier ?? arm.PriorFromPriceTier,
            ExplorationUsd = ExplorationUsd,
        };
    }
}
