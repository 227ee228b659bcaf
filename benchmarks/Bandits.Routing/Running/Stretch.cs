using Bandits.Routing.Outcomes;

namespace Bandits.Routing.Running;

/// <summary>Some tasks in a row, in one phase of an experiment, with their outcomes as they are in that phase.</summary>
internal sealed record Stretch(string Phase, RoutingTask[] Tasks)
{
    /// <summary>What happens before its first task: a price is announced, an arm joins.</summary>
    public Action<BanditRouter>? Before { get; init; }

    /// <summary>Whether it is reported; what comes before only learns.</summary>
    public bool IsReported { get; init; } = true;
}

/// <summary>What one router made of one stretch.</summary>
internal sealed class StretchResult
{
    public required Stretch Stretch { get; init; }

    public required double[] Quality { get; init; }

    public required double[] CostUsd { get; init; }

    /// <summary>Arm chosen at each task.</summary>
    public required int[] Arms { get; init; }

    public double MeanQuality => Quality.Average();

    public double MeanCostUsd => CostUsd.Average();

    /// <summary>Largest mean cost of so many decisions in a row, USD.</summary>
    public double WorstWindow(int decisions)
    {
        double sum = 0, worst = 0;
        for (int i = 0; i < CostUsd.Length; i++)
        {
            sum += CostUsd[i] - (i >= decisions ? CostUsd[i - decisions] : 0);
            if (i >= decisions - 1) worst = Math.Max(worst, sum / decisions);
        }

        return CostUsd.Length < decisions ? CostUsd.Average() : worst;
    }
}
