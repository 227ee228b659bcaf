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

    /// <summary>Plans a request by what caps have left and a dollar costs now.</summary>
    private Planner.Result PlanNow(RouterSettings settings, SegmentNode leaf, in Request request, long now, DecisionScratch scratch)
    {
        ReadRoom(settings, request, now, scratch);
        return Planner.Plan(settings, leaf, request, now, _availability, _overall, SpendingOf(settings), scratch);
    }

    /// <summary>Plans a request and shows it to the controller; where that finds the price anew because this request would buy so much, it is planned again.</summary>
    private Planner.Result PlanNoted(RouterSettings settings, SegmentNode leaf, in Request request, long now, DecisionScratch scratch)
    {
        Planner.Result plan = PlanNow(settings, leaf, request, now, scratch);
        bool isLarge = settings.Budget is not null && scratch.Count > 0 && NoteRequest(settings, leaf, request.IsForAllArms, scratch);
        return isLarge ? PlanNow(settings, leaf, request, now, scratch) : plan;
    }

    /// <summary>Plans a request as deciding would, and changes nothing: where that would find the price anew, a copy of the controller does so.</summary>
    private Planner.Result Foresee(RouterSettings settings, SegmentNode leaf, in Request request, DecisionScratch scratch)
    {
        Planner.Result plan = PlanNow(settings, leaf, request, NowOf(request), scratch);
        if (settings.Budget is null || scratch.Count == 0 || !_spending.IsLarge(PlannedUsd(scratch))) return plan;
        var copy = new SpendController();
        return copy.Restore(_spending.Capture(), _segments.Nodes.Length, ArmCount) && NoteRequest(settings, copy, leaf, request.IsForAllArms, scratch)
            ? Planner.Plan(settings, leaf, request, NowOf(request), _availability, _overall, copy, scratch)
            : plan;
    }

    /// <summary>Shows a planned request to the controller; true when that has found the price anew because this request would buy so much, and it should be planned again.</summary>
    private bool NoteRequest(RouterSettings settings, SegmentNode leaf, bool isForAllArms, DecisionScratch scratch) => NoteRequest(settings, _spending, leaf, isForAllArms, scratch);

    private bool NoteRequest(RouterSettings settings, SpendController spending, SegmentNode leaf, bool isForAllArms, DecisionScratch scratch)
    {
        if (settings.Budget is not { } budget) return false;
        int count = scratch.Count;
        var seen = new SpendRequest(leaf.Index >= 0 ? leaf.Index : _segments.Nodes.Length, scratch.Arms.AsSpan(0, count), scratch.Values.AsSpan(0, count), scratch.Costs.AsSpan(0, count))
        {
            ValuesWithout = scratch.HasFeatures ? scratch.ValuesWithout.AsSpan(0, count) : default,
            CostsWithout = scratch.HasFeatures ? scratch.CostsWithout.AsSpan(0, count) : default,
        };
        return spending.Note(budget, seen, isForAllArms && !scratch.IsOverCap, settings.Catalog.Count, PlannedUsd(scratch));
    }

    /// <summary>What a plan is expected to cost, USD; NaN where its probabilities cannot be said.</summary>
    private static double PlannedUsd(DecisionScratch scratch)
    {
        double planned = 0;
        foreach (ref readonly PlannedArm arm in scratch.Plan) planned += arm.Probability * arm.PredictedCostUsd;
        return planned;
    }
}
