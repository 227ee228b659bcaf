namespace Bandits.History;

/// <summary>What is asked of one (area, risk).</summary>
internal static class SegmentAnswers
{
    // The orchestrator's thresholds.
    private const int BestModelSamples = 2, OpportunityTasks = 5, OpportunityModelSamples = 2, CommonErrorsShown = 5;
    private const double TolerableLossOfRate = 0.1;

    public static TaskPattern Pattern(HistoryCube cube, SegmentCell segment)
    {
        ref TaskTotals totals = ref segment.Totals;
        return new TaskPattern
        {
            Area = cube.Areas[segment.Area]!,
            Risk = cube.Risks[segment.Risk]!,
            TotalAttempts = totals.Tasks,
            Successful = totals.Successes,
            Failed = totals.Failures,
            SuccessRate = Rate(totals),
            BestPlanner = Best(cube, segment.Planners),
            BestImplementer = Best(cube, segment.Implementers),
            AverageCostUsd = totals.CostUsd.Mean,
            MinCostUsd = segment.CostUsd.Min,
            MaxCostUsd = segment.CostUsd.Max,
            AverageDurationSeconds = totals.DurationSeconds.Mean,
            MinDurationSeconds = segment.DurationSeconds.Min,
            MaxDurationSeconds = segment.DurationSeconds.Max,
            CommonErrors = CommonErrors(cube, segment),
            ByComplexity = Breakdown.Of(cube, segment.ByComplexity),
        };
    }

    public static List<ModelRanking> Rank(HistoryCube cube, SegmentCell segment, HistoryRole role, RankingMetric metric, int minSamples)
    {
        var places = new List<(double Value, long Samples, int Order, SegmentModelCell Cell)>();
        foreach (SegmentModelCell cell in segment.Models(role))
        {
            (double? value, long samples) = metric switch
            {
                RankingMetric.SuccessRate => (Rate(cell.Totals).Rate, cell.Totals.Tasks),
                RankingMetric.Cost => (cell.Totals.CostUsd.Mean, cell.Totals.CostUsd.Count),
                _ => (cell.Totals.DurationSeconds.Mean, cell.Totals.DurationSeconds.Count),
            };
            if (value is { } known && samples >= minSamples) places.Add((known, samples, places.Count, cell));
        }

        int sign = metric == RankingMetric.SuccessRate ? -1 : 1;
        places.Sort((x, y) =>
        {
            int order = sign * x.Value.CompareTo(y.Value);
            return order != 0 ? order : x.Order - y.Order;
        });

        var ranking = new List<ModelRanking>(places.Count);
        foreach ((double value, long samples, _, SegmentModelCell cell) in places)
            ranking.Add(new ModelRanking(cube.Models[cell.Model]!, value, samples, Rate(cell.Totals)));
        return ranking;
    }

    public static SavingsOpportunity? Opportunity(HistoryCube cube, SegmentCell segment, double minimumSavingsUsd)
    {
        ref TaskTotals totals = ref segment.Totals;
        if (totals.Tasks < OpportunityTasks || totals.CostUsd.Mean is not { } currentCost) return null;
        SegmentModelCell? recommended = null, mostUsed = null;
        double lowestCost = double.PositiveInfinity;
        double rateFloor = (double)totals.Successes / totals.Tasks - TolerableLossOfRate;
        foreach (SegmentModelCell cell in segment.Implementers)
        {
            if (mostUsed is null || cell.Totals.Tasks > mostUsed.Totals.Tasks) mostUsed = cell;
            bool isCheaper = cell.Totals.CostUsd.Count >= OpportunityModelSamples && cell.Totals.CostUsd.Mean < currentCost - minimumSavingsUsd;
            if (!isCheaper || (double)cell.Totals.Successes / cell.Totals.Tasks < rateFloor) continue;
            if (cell.Totals.CostUsd.Mean >= lowestCost) continue;
            recommended = cell;
            lowestCost = cell.Totals.CostUsd.Mean!.Value;
        }

        if (recommended is null || mostUsed is null) return null;
        RateEstimate current = Rate(mostUsed.Totals), advised = Rate(recommended.Totals);
        return new SavingsOpportunity
        {
            Area = cube.Areas[segment.Area]!,
            Risk = cube.Risks[segment.Risk]!,
            CurrentModel = cube.Models[mostUsed.Model]!,
            RecommendedModel = cube.Models[recommended.Model]!,
            CurrentCostUsd = currentCost,
            NewCostUsd = lowestCost,
            SavingsPerTaskUsd = currentCost - lowestCost,
            CurrentSuccessRate = current,
            NewSuccessRate = advised,
            ReplacedSuccessRate = mostUsed != recommended
                ? current
                : new RateEstimate(totals.Successes - advised.Successes, totals.Tasks - advised.Trials),
            SegmentTasks = totals.Tasks,
        };
    }

    private static RateEstimate Rate(in TaskTotals totals) => new(totals.Successes, totals.Tasks);

    private static ModelRate? Best(HistoryCube cube, List<SegmentModelCell> models)
    {
        SegmentModelCell? best = null;
        foreach (SegmentModelCell model in models)
        {
            if (model.Totals.Tasks >= BestModelSamples && (best is null || Rate(model.Totals).Rate > Rate(best.Totals).Rate)) best = model;
        }

        return best is null ? null : new ModelRate(cube.Models[best.Model]!, Rate(best.Totals));
    }

    private static List<NameCount> CommonErrors(HistoryCube cube, SegmentCell segment)
    {
        var common = new List<NameCount>(CommonErrorsShown);
        foreach (ErrorCount error in segment.Errors)
        {
            int place = common.Count;
            while (place > 0 && common[place - 1].Count < error.Count) place--;
            if (place == CommonErrorsShown) continue;
            if (common.Count == CommonErrorsShown) common.RemoveAt(CommonErrorsShown - 1);
            common.Insert(place, new NameCount(cube.ErrorTypes[error.Type]!, error.Count));
        }

        return common;
    }
}
