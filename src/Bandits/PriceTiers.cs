namespace Bandits;

/// <summary>Which arms have about the same list price. Immutable, made with the settings, so that a decision only looks it up.</summary>
/// <remarks>
/// <code>
/// Rule        the tier of an arm of list cost c: the arms of known list cost in [c / 2, 2 c], above 0; whether they take part is not looked at, what they taught stays true
/// Cost        O(K log K) time and O(K) memory to make, as a tier is a run of the arms by price;  O(1), 0 B to look up
/// </code>
/// </remarks>
internal sealed class PriceTiers
{
    /// <summary>Furthest ratio of two list costs in one tier.</summary>
    private const double Factor = 2;

    private readonly int[] _byPrice = [];
    private readonly (int First, int Count)[] _tiers = [];

    public PriceTiers(ArmCatalog catalog, double[] listCostUsd, bool[] hasListPrice)
    {
        if (!Array.Exists(catalog.Arms, arm => arm.PriorFromPriceTier)) return;
        var priced = new List<int>();
        for (int arm = 0; arm < catalog.Count; arm++)
            if (hasListPrice[arm] && listCostUsd[arm] > 0) priced.Add(arm);
        priced.Sort((a, b) => listCostUsd[a] != listCostUsd[b] ? listCostUsd[a].CompareTo(listCostUsd[b]) : a - b);
        _byPrice = [.. priced];
        _tiers = new (int First, int Count)[catalog.Count];
        int first = 0, past = 0;
        foreach (int arm in _byPrice) // from cheap to dear, so that both ends only move up
        {
            while (listCostUsd[arm] > Factor * listCostUsd[_byPrice[first]]) first++;
            while (past < _byPrice.Length && listCostUsd[_byPrice[past]] <= Factor * listCostUsd[arm]) past++;
            if (catalog.Arms[arm].PriorFromPriceTier) _tiers[arm] = (first, past - first);
        }
    }

    /// <summary>The arms of the tier of an arm that takes its prior from there, itself among them; none for other arms, and where a typical call is free.</summary>
    public ReadOnlySpan<int> Of(int arm) => _tiers.Length == 0 ? [] : _byPrice.AsSpan(_tiers[arm].First, _tiers[arm].Count);
}
