namespace Bandits.Budgets;

/// <summary>What a dollar costs in utility now: two prices side by side, of which the lower spends more than may be spent and the higher does not.</summary>
/// <param name="Low">The lower price, utility per USD, 0 or more.</param>
/// <param name="High">The higher price, at least <paramref name="Low"/>.</param>
/// <param name="LowShare">Share of decisions that are made at the lower price, in [0, 1].</param>
internal readonly record struct SpendPrice(double Low, double High, double LowShare)
{
    /// <summary>Money is no object.</summary>
    public static SpendPrice Free => new(0, 0, 1);

    /// <summary>Whether all decisions are made at one price.</summary>
    public bool IsOne => LowShare >= 1 || Low == High;
}
