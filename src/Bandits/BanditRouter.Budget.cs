using Bandits.Budgets;
using Bandits.Concurrency;
using Bandits.Segments;
using Bandits.Statistics;

namespace Bandits;

/// <content>What decisions may cost.</content>
public sealed partial class BanditRouter
{
    private readonly SpendController _spending = new();

    /// <summary>Where spending stands under <see cref="RouterOptions.Budget"/>: what was charged, and what a dollar costs now.</summary>
    public SpendReport Spending
    {
        get
        {
            SpendPrice price = _spending.Price;
            return new SpendReport
            {
                UsdPerDecision = Volatile.Read(ref _settings).Budget?.UsdPerDecision,
                Decisions = _spending.Decisions,
                ChargedUsd = FixedPoint.UsdFrom(_spending.SpentNanoUsd),
                CreditUsd = _spending.Credit,
                LowPrice = price.Low,
                HighPrice = price.High,
                LowShare = price.LowShare,
            };
        }
    }

    private SpendController? SpendingOf(RouterSettings settings) => settings.Budget is null ? null : _spending;

    /// <summary>Shows a planned request to the controller.</summary>
    private void NoteRequest(RouterSettings settings, SegmentNode leaf, bool isForAllArms, DecisionScratch scratch)
    {
        if (settings.Budget is not { } budget) return;
        int count = scratch.Count;
        var seen = new SpendRequest(leaf.Index, scratch.Arms.AsSpan(0, count), scratch.Values.AsSpan(0, count), scratch.Costs.AsSpan(0, count))
        {
            ValuesWithout = scratch.HasFeatures ? scratch.ValuesWithout.AsSpan(0, count) : default,
            CostsWithout = scratch.HasFeatures ? scratch.CostsWithout.AsSpan(0, count) : default,
        };
        _spending.Note(budget, seen, isForAllArms && !scratch.IsOverCap, settings.Catalog.Count);
    }
}
