using Bandits.Routing.Outcomes;

namespace Bandits.Routing.Running;

/// <summary>Some tasks in a row, with their outcomes as they are in that phase of an experiment.</summary>
/// <param name="Phase">Name of the phase.</param>
/// <param name="Tasks">The tasks.</param>
/// <param name="Arms">Arms that take part: the first of those the tasks have outcomes of.</param>
internal sealed record Stretch(string Phase, RoutingTask[] Tasks, int Arms)
{
    /// <summary>What happens before its first task: a price is announced, an arm joins.</summary>
    public Action<BanditRouter>? Before { get; init; }

    /// <summary>Whether it is reported; what comes before only learns.</summary>
    public bool IsReported { get; init; } = true;

    /// <summary>Decisions after which the rest is reported once more by itself; 0 for none.</summary>
    public int SettledAfter { get; init; }
}

/// <summary>What one router made of one stretch.</summary>
internal sealed record StretchResult(Stretch Stretch, double[] Quality, double[] CostUsd, int[] Arms)
{
    /// <summary>The same from a decision on.</summary>
    public StretchResult From(int first) => this with
    {
        Stretch = Stretch with { Phase = $"{Stretch.Phase}, from {first}", Tasks = Stretch.Tasks[first..], SettledAfter = 0 },
        Quality = Quality[first..],
        CostUsd = CostUsd[first..],
        Arms = Arms[first..],
    };

    /// <summary>Largest mean cost of so many decisions in a row, USD.</summary>
    public double WorstWindow(int decisions)
    {
        if (CostUsd.Length < decisions) return CostUsd.Average();
        double sum = 0, worst = 0;
        for (int i = 0; i < CostUsd.Length; i++)
        {
            sum += CostUsd[i] - (i >= decisions ? CostUsd[i - decisions] : 0);
            if (i >= decisions - 1) worst = Math.Max(worst, sum / decisions);
        }

        return worst;
    }
}
