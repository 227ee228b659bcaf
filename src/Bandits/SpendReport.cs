namespace Bandits;

/// <summary>Where spending stands under a budget, at one moment.</summary>
public readonly record struct SpendReport
{
    /// <summary>The budget's rate, USD a decision; null where there is no budget.</summary>
    public double? UsdPerDecision { get; init; }

    /// <summary>Decisions charged since the store began.</summary>
    public long Decisions { get; init; }

    /// <summary>What was charged for them: the costs that are known, and the expected ones of those that are not, USD.</summary>
    public double ChargedUsd { get; init; }

    /// <summary>What was left unspent when the price was last found and will be spent, or below 0 what was spent too much and will be saved, USD.</summary>
    public double CreditUsd { get; init; }

    /// <summary>The lower of the two prices of money, utility per USD; 0 where the budget does not bind.</summary>
    public double LowPrice { get; init; }

    /// <summary>The higher price, at which less is spent than may be.</summary>
    public double HighPrice { get; init; }

    /// <summary>Share of decisions that are made at the lower price, in [0, 1].</summary>
    public double LowShare { get; init; }
}
