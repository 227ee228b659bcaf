namespace Bandits.Routing.Experiments;

/// <summary>What one seed's router chose and spent, decision by decision, over all phases that are reported.</summary>
/// <param name="Starts">First decision of each phase.</param>
/// <param name="Arms">Arm by decision.</param>
/// <param name="CostUsd">Cost by decision, USD.</param>
internal sealed record Walk(int[] Starts, int[] Arms, double[] CostUsd);

/// <summary>How spending and traffic went over time, over all seeds: each figure speaks of the <see cref="Window"/> decisions before it, or of all where there were fewer.</summary>
internal sealed class Course
{
    public const int Window = 50;

    /// <summary>Decisions from one point to the next.</summary>
    private const int Step = 5;

    private const double Low = 0.05;
    private const double High = 0.95;

    public required string Experiment { get; init; }

    public required string Variant { get; init; }

    public required double BudgetUsd { get; init; }

    public required string Features { get; init; }

    /// <summary>First decision of each phase.</summary>
    public required int[] Starts { get; init; }

    /// <summary>Decisions behind each point.</summary>
    public required int[] At { get; init; }

    /// <summary>Mean cost by point, mean over seeds, USD.</summary>
    public required double[] CostUsd { get; init; }

    /// <summary>5th percentile over seeds, USD.</summary>
    public required double[] CostLowUsd { get; init; }

    /// <summary>95th percentile over seeds, USD.</summary>
    public required double[] CostHighUsd { get; init; }

    /// <summary>Share of each arm by point, mean over seeds.</summary>
    public required double[][] Shares { get; init; }

    /// <param name="plan">What was played.</param>
    /// <param name="features">What the policy knew.</param>
    /// <param name="arms">Number of arms.</param>
    /// <param name="walks">One a seed, all of one length.</param>
    public static Course Of(Plan plan, string features, int arms, IReadOnlyList<Walk> walks)
    {
        int count = walks[0].Arms.Length;
        int[] at = [.. Enumerable.Range(1, count).Where(i => i % Step == 0 || i == count)];
        double[][] costs = [.. walks.Select(walk => Array.ConvertAll(at, end => Before(walk.CostUsd, end).Average()))];
        double[] ByPoint(Func<double[], double> of) => [.. at.Select((_, point) => of([.. costs.Select(seed => seed[point]).Order()]))];
        return new Course
        {
            Experiment = plan.Experiment,
            Variant = plan.Variant,
            BudgetUsd = plan.BudgetUsd,
            Features = features,
            Starts = walks[0].Starts,
            At = at,
            CostUsd = ByPoint(static seeds => seeds.Average()),
            CostLowUsd = ByPoint(static seeds => seeds[(int)(Low * seeds.Length)]),
            CostHighUsd = ByPoint(static seeds => seeds[(int)Math.Ceiling(High * seeds.Length) - 1]),
            Shares = [.. Enumerable.Range(0, arms).Select(arm => Array.ConvertAll(at, end => walks.Average(walk => Before(walk.Arms, end).Average(chosen => chosen == arm ? 1.0 : 0))))],
        };
    }

    private static ArraySegment<T> Before<T>(T[] values, int end) => new(values, Math.Max(0, end - Window), Math.Min(end, Window));
}
