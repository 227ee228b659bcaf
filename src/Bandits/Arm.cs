namespace Bandits;

/// <summary>Price and strength class of an arm.</summary>
public enum ArmTier : byte
{
    /// <summary>Cheap and quick.</summary>
    Fast = 0,

    /// <summary>The middle of the range.</summary>
    Standard = 1,

    /// <summary>The strongest and dearest.</summary>
    Advanced = 2,
}

/// <summary>Whether an arm takes part.</summary>
public enum ArmStatus : byte
{
    /// <summary>May be chosen.</summary>
    Enabled = 0,

    /// <summary>May not be chosen for now; evidence is kept and outcomes are still recorded.</summary>
    Disabled = 1,

    /// <summary>Will never be chosen again; evidence is kept and the id is never reused.</summary>
    Retired = 2,
}

/// <summary>One alternative: a model, a provider, an endpoint. Immutable.</summary>
public sealed record Arm
{
    /// <summary>Longest provider or capability: what any file of a store holds.</summary>
    private const int MostCharacters = 4096;

    /// <summary>What files hold in the place of <see cref="SimilarTo"/> for <see cref="PriorFromPriceTier"/>: to a program that does not know it, an arm that is not there.</summary>
    internal const string PriceTierInFiles = "(price tier)";

    /// <summary>Stable name, never reused; 1 to 200 characters.</summary>
    public required string Id { get; init; }

    /// <summary>Who runs it; requests can exclude providers. At most 64 distinct ones per router.</summary>
    public string Provider { get; init; } = "default";

    /// <summary>Price and strength class, for baseline rules.</summary>
    public ArmTier Tier { get; init; } = ArmTier.Standard;

    /// <summary>What it can do ("code", "review", ...). At most 63 distinct ones per router.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>List price of input, USD per million tokens, 0 or more; null when unknown.</summary>
    public double? InputUsdPerMillionTokens { get; init; }

    /// <summary>List price of output, USD per million tokens, 0 or more; null when unknown.</summary>
    public double? OutputUsdPerMillionTokens { get; init; }

    /// <summary>Context window, tokens, above 0; null when unknown.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Quality expected before any evidence, in (0, 1).</summary>
    /// <value>0.5</value>
    public double PriorQuality { get; init; } = 0.5;

    /// <summary>How many outcomes that expectation is worth, in [0.1, 1e6]. With 2 and 0.5 the prior is Beta(1, 1).</summary>
    /// <value>2</value>
    public double PriorSamples { get; init; } = 2;

    /// <summary>
    /// Id of an arm that it is expected to be like, such as its predecessor; null for none. What is believed of that arm's quality in a segment stands there in the place of <see cref="PriorQuality"/>, worth
    /// <see cref="PriorSamples"/>, and what it is expected to cost, times the ratio of the list prices of the two where both are known, in the place of the list price. Whom that arm is like itself is not looked at.
    /// </summary>
    /// <value>null</value>
    public string? SimilarTo { get; init; }

    /// <summary>
    /// Whether it is expected to be like the arms of its price tier: those whose list price of a typical call is at least half and at most twice its own, disabled and retired ones included. The mean of what is believed
    /// of their quality in a segment stands there in the place of <see cref="PriorQuality"/>, worth <see cref="PriorSamples"/>, and its list price times the mean ratio of what they are expected to cost to their list
    /// prices in the place of the list price. Each counts by the share n / (n + prior) that outcomes, those borrowed from other segments included, have in what is believed of it, so none counts much more than
    /// another that is known; where none has outcomes its own prior stays. From whom these arms take their priors is not looked at. It needs a list price above 0, and no <see cref="SimilarTo"/>.
    /// </summary>
    /// <value>false</value>
    public bool PriorFromPriceTier { get; init; }

    /// <summary>
    /// What may be spent to learn it, USD, in [0, 1e9]; null for no bound. Once the arm has cost that much, a policy that explores is shown a belief of the same mean that is as good as certain: it no longer hopes for
    /// more than was seen. Counted is what outcomes of this router's have cost since the latest restart, as far as they have been rolled up (<see cref="RouterOptions.ImmediateRollUp"/>); a share of decisions spread evenly
    /// (<see cref="RouterOptions.ExplorationRate"/>, <see cref="RouterOptions.ExplorationFloor"/>) is spent all the same.
    /// </summary>
    /// <value>null</value>
    public double? ExplorationUsd { get; init; }

    /// <summary>List price of a call, USD; null when a price is unknown.</summary>
    internal double? ListCostUsd(int inputTokens, int outputTokens) =>
        (inputTokens * InputUsdPerMillionTokens + outputTokens * OutputUsdPerMillionTokens) / 1e6;

    /// <summary>Whether both prices are known, and one of them is above 0.</summary>
    internal bool HasPriceAboveZero => InputUsdPerMillionTokens + OutputUsdPerMillionTokens > 0;

    /// <summary>Whether everything about it is the same, the capabilities one by one.</summary>
    internal bool IsSameAs(Arm other)
    {
        if (Capabilities.Count != other.Capabilities.Count || this with { Capabilities = other.Capabilities } != other) return false;
        for (int i = 0; i < Capabilities.Count; i++)
            if (Capabilities[i] != other.Capabilities[i]) return false;
        return true;
    }

    internal void Validate(ICollection<string> faults)
    {
        string name = $"Arm '{Id}'";
        if (string.IsNullOrEmpty(Id) || Id.Length > 200) faults.Add($"Arm id '{Id}' has {Id?.Length ?? 0} characters; the allowed range is 1 to 200.");
        if (string.IsNullOrEmpty(Provider) || Provider.Length > MostCharacters) faults.Add($"{name}: Provider has {Provider?.Length ?? 0} characters; the allowed range is 1 to {MostCharacters}.");
        foreach (string? capability in Capabilities)
            if (capability is null || capability.Length > MostCharacters) faults.Add($"{name}: a capability has {capability?.Length ?? 0} characters; the allowed range is 0 to {MostCharacters}.");
        if (!Enum.IsDefined(Tier)) faults.Add($"{name}: Tier is {(int)Tier}; the allowed values are Fast, Standard, Advanced.");
        if (InputUsdPerMillionTokens is { } i && !(i >= 0 && i <= 1e6)) faults.Add(Fault.Range($"{name}: InputUsdPerMillionTokens", i, "[0, 1e6] USD"));
        if (OutputUsdPerMillionTokens is { } o && !(o >= 0 && o <= 1e6)) faults.Add(Fault.Range($"{name}: OutputUsdPerMillionTokens", o, "[0, 1e6] USD"));
        if (ContextWindow is { } w && w <= 0) faults.Add(Fault.Range($"{name}: ContextWindow", w, "1 token or more"));
        if (!(PriorQuality > 0 && PriorQuality < 1)) faults.Add(Fault.Range($"{name}: PriorQuality", PriorQuality, "(0, 1)"));
        if (!(PriorSamples >= 0.1 && PriorSamples <= 1e6)) faults.Add(Fault.Range($"{name}: PriorSamples", PriorSamples, "[0.1, 1e6] outcomes"));
        if (SimilarTo is { Length: 0 or > 200 }) faults.Add($"{name}: SimilarTo has {SimilarTo.Length} characters; the allowed range is 1 to 200.");
        if (SimilarTo is not null && SimilarTo == Id) faults.Add($"{name}: SimilarTo is the arm itself; it needs the id of another.");
        if (SimilarTo == PriceTierInFiles) faults.Add($"{name}: SimilarTo is '{SimilarTo}', a name that is reserved; it needs the id of another.");
        if (PriorFromPriceTier && SimilarTo is not null) faults.Add($"{name}: PriorFromPriceTier is true and SimilarTo is '{SimilarTo}'; an arm takes its prior from one of the two.");
        if (PriorFromPriceTier && !HasPriceAboveZero) faults.Add($"{name}: PriorFromPriceTier needs a list price, InputUsdPerMillionTokens and OutputUsdPerMillionTokens, of which one is above 0.");
        if (ExplorationUsd is { } most && !(most >= 0 && most <= 1e9)) faults.Add(Fault.Range($"{name}: ExplorationUsd", most, "[0, 1e9] USD"));
        foreach (string capability in Capabilities)
            if (string.IsNullOrEmpty(capability)) faults.Add($"{name}: a capability is empty; it needs a name.");
    }
}
