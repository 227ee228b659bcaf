namespace Bandits.Cli.Demo;

/// <summary>Fixed ways to choose, computed exactly from all outcomes: what a router is held against.</summary>
internal sealed class Yardsticks
{
    private readonly ReplayResult[] _single;

    public Yardsticks(ShippedOutcomes outcomes, double valueUsd)
    {
        int arms = outcomes.Arms.Count;
        _single = new ReplayResult[arms];
        for (int arm = 0; arm < arms; arm++) _single[arm] = Always(outcomes.Tasks, arm, arms);
        Cheapest = _single.MinBy(r => r.CostUsd)!;
        BestSingle = _single.MaxBy(r => valueUsd * r.Quality - r.CostUsd)!;
        Uniform = new ReplayResult(_single.Average(r => r.Quality), _single.Average(r => r.CostUsd), [.. Enumerable.Repeat(1.0 / arms, arms)]);
        BestPerArea = PerArea(outcomes, r => valueUsd * r.Quality - r.CostUsd);
    }

    public ReplayResult Cheapest { get; }

    /// <summary>The arm of highest utility when one arm does everything.</summary>
    public ReplayResult BestSingle { get; }

    public ReplayResult Uniform { get; }

    /// <summary>The arm of highest utility in each area, known in hindsight: what routing by area can reach at most.</summary>
    public ReplayResult BestPerArea { get; }

    /// <summary>
    /// Quality above what mixing single arms at random buys for the same money: the quality minus the upper concave envelope of the arms'
    /// (cost, quality) points.
    /// </summary>
    public double AboveMixing(double quality, double costUsd)
    {
        double most = 0;
        foreach (ReplayResult low in _single)
        {
            if (low.CostUsd > costUsd) continue;
            most = Math.Max(most, low.Quality);
            foreach (ReplayResult high in _single)
                if (high.CostUsd >= costUsd && high.CostUsd > low.CostUsd)
                    most = Math.Max(most, low.Quality + (high.Quality - low.Quality) * (costUsd - low.CostUsd) / (high.CostUsd - low.CostUsd));
        }

        return quality - most;
    }

    private static ReplayResult Always(IReadOnlyList<ReplayTask> tasks, int arm, int arms)
    {
        var shares = new double[arms];
        shares[arm] = 1;
        return new ReplayResult(tasks.Average(t => t.Quality[arm]), tasks.Average(t => t.CostUsd[arm]), shares);
    }

    private static ReplayResult PerArea(ShippedOutcomes outcomes, Func<ReplayResult, double> worth)
    {
        int arms = outcomes.Arms.Count;
        double quality = 0, cost = 0, count = outcomes.Tasks.Count;
        var shares = new double[arms];
        foreach (IGrouping<string, ReplayTask> area in outcomes.Tasks.GroupBy(t => t.Area))
        {
            ReplayTask[] tasks = [.. area];
            int best = Enumerable.Range(0, arms).MaxBy(arm => worth(Always(tasks, arm, arms)));
            ReplayResult result = Always(tasks, best, arms);
            quality += result.Quality * tasks.Length / count;
            cost += result.CostUsd * tasks.Length / count;
            shares[best] += tasks.Length / count;
        }

        return new ReplayResult(quality, cost, shares);
    }
}
