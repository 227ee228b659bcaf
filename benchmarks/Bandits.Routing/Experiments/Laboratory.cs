using Bandits.Routing.Bounds;
using Bandits.Routing.Outcomes;
using Bandits.Routing.Running;

namespace Bandits.Routing.Experiments;

/// <summary>What one policy made of one phase under one budget, over all seeds.</summary>
internal sealed class Finding
{
    public required string Experiment { get; init; }

    public required string Phase { get; init; }

    public required double BudgetUsd { get; init; }

    public required string Policy { get; init; }

    /// <summary>What the policy knows of a task: "area", "none".</summary>
    public required string Features { get; init; }

    /// <summary>Mean reward by seed.</summary>
    public required double[] Quality { get; init; }

    /// <summary>Mean cost by seed, USD.</summary>
    public required double[] CostUsd { get; init; }

    /// <summary>Largest mean cost of 100 decisions in a row by seed, USD.</summary>
    public required double[] WorstWindowUsd { get; init; }

    /// <summary>Mean share of each arm.</summary>
    public required double[] Shares { get; init; }

    public required Hindsight Bounds { get; init; }

    /// <summary>A 95 % bootstrap interval of the mean quality over seeds.</summary>
    public (double Low, double High) Interval => Bootstrap.Interval(Quality);

    public double CostOverBudget => CostUsd.Average() / BudgetUsd;

    /// <summary>95th percentile over seeds.</summary>
    public double CostOverBudgetHigh => CostUsd.Order().ElementAt((int)Math.Ceiling(0.95 * CostUsd.Length) - 1) / BudgetUsd;

    public double WorstWindowOverBudget => WorstWindowUsd.Max() / BudgetUsd;
}

/// <summary>Hindsight bounds of one phase, means over seeds.</summary>
/// <param name="NoContext">Treating all tasks alike.</param>
/// <param name="Area">Treating tasks of an area alike.</param>
/// <param name="Shuffled">The same with the labels of areas dealt out at random: what fitting noise gives.</param>
/// <param name="Prompt">Knowing every prompt.</param>
/// <param name="GapError">Standard error of <see cref="Area"/> - <see cref="Shuffled"/>, paired by task; the mean over seeds, which share their tasks.</param>
/// <param name="FreeAreaCostUsd">What the bound by area would spend if it might, USD.</param>
/// <param name="Quality">Mean quality of each arm on all tasks of the phase.</param>
internal sealed record Hindsight(double NoContext, double Area, double Shuffled, double Prompt, double GapError, double FreeAreaCostUsd, double[] Quality);

/// <summary>Plays plans, seed by seed, and puts the seeds together.</summary>
internal static class Laboratory
{
    public const int Window = 100;

    private sealed record Played(string Phase, string Policy, string Features, double Quality, double CostUsd, double Worst, double[] Shares, Hindsight Bounds);

    public static List<Finding> Run(Subject subject, Plan plan, IReadOnlyList<string> features, int seeds, int threads)
    {
        var played = new List<Played>[seeds];
        Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = threads }, seed =>
        {
            played[seed] = Play(subject, plan, features, seed);
        });

        var findings = new List<Finding>();
        for (int i = 0; i < played[0].Count; i++)
        {
            Played[] all = Array.ConvertAll(played, seed => seed[i]);
            double Mean(Func<Hindsight, double> part) => all.Average(one => part(one.Bounds));
            findings.Add(new Finding
            {
                Experiment = plan.Name,
                Phase = all[0].Phase,
                BudgetUsd = plan.BudgetUsd,
                Policy = all[0].Policy,
                Features = all[0].Features,
                Quality = Array.ConvertAll(all, static one => one.Quality),
                CostUsd = Array.ConvertAll(all, static one => one.CostUsd),
                WorstWindowUsd = Array.ConvertAll(all, static one => one.Worst),
                Shares = [.. Enumerable.Range(0, subject.Arms.Length).Select(arm => all.Average(one => one.Shares[arm]))],
                Bounds = new Hindsight(
                    Mean(static b => b.NoContext), Mean(static b => b.Area), Mean(static b => b.Shuffled), Mean(static b => b.Prompt), Mean(static b => b.GapError), Mean(static b => b.FreeAreaCostUsd),
                    [.. Enumerable.Range(0, subject.Arms.Length).Select(arm => all.Average(one => one.Bounds.Quality[arm]))]),
            });
        }

        return findings;
    }

    private static List<Played> Play(Subject subject, Plan plan, IReadOnlyList<string> features, int seed)
    {
        (RoutingTask[] train, RoutingTask[] test) = subject.Deal(seed, plan.HasNewArm);
        List<Stretch> stretches = plan.StretchesOf(train, test);
        var played = new List<Played>();
        foreach (string known in features)
        {
            var router = new BanditRouter(Runner.OptionsOf(subject.Arms[..subject.Established], plan.BudgetUsd, seed));
            foreach (StretchResult result in Runner.Run(known == "shuffled" ? Mislabel(stretches, seed) : stretches, router, known != "none")) Add(result, "bandits", known);
        }

        if (plan.Name == Catalogue.Budgets)
        {
            int cheapest = subject.ByCost(0);
            foreach (Stretch stretch in stretches) Add(Always(stretch, cheapest), "cheapest", "none");
        }

        return played;

        void Add(StretchResult result, string policy, string known)
        {
            if (!result.Stretch.IsReported) return;
            played.Add(Judge(subject, plan, result, policy, known, seed));
            if (result.Stretch.SettledAfter is > 0 and var first && first < result.Arms.Length) played.Add(Judge(subject, plan, result.From(first), policy, known, seed));
        }
    }

    private static List<Stretch> Mislabel(List<Stretch> stretches, int seed) => stretches.ConvertAll(stretch =>
    {
        string[] labels = Runner.Shuffle([.. stretch.Tasks.Select(static task => task.Area)], seed, 4);
        return stretch with { Tasks = [.. stretch.Tasks.Select((task, i) => task with { Area = labels[i] })] };
    });

    private static StretchResult Always(Stretch stretch, int arm) => new(
        stretch, Array.ConvertAll(stretch.Tasks, task => task.Quality[arm]), Array.ConvertAll(stretch.Tasks, task => task.CostUsd[arm]), [.. Enumerable.Repeat(arm, stretch.Tasks.Length)]);

    private static Played Judge(Subject subject, Plan plan, StretchResult result, string policy, string known, int seed)
    {
        var shares = new double[subject.Arms.Length];
        foreach (int arm in result.Arms) shares[arm] += 1.0 / result.Arms.Length;
        return new Played(
            result.Stretch.Phase, policy, known, result.Quality.Average(), result.CostUsd.Average(), result.WorstWindow(Window), shares, BoundsOf(subject, plan, result.Stretch, seed));
    }

    private static Hindsight BoundsOf(Subject subject, Plan plan, Stretch stretch, int seed)
    {
        double[][] quality = Array.ConvertAll(stretch.Tasks, task => task.Quality[..stretch.Arms]);
        double[][] cost = Array.ConvertAll(stretch.Tasks, task => Array.ConvertAll(task.CostUsd[..stretch.Arms], static c => double.IsNaN(c) ? 0 : c));
        string[] areas = [.. stretch.Tasks.Select(static task => task.Area).Distinct()];
        int[] group = Array.ConvertAll(stretch.Tasks, task => Array.IndexOf(areas, task.Area)), shuffled = Runner.Shuffle(group, seed, 3);
        int[] each = [.. Enumerable.Range(0, group.Length)];
        SpendBound area = SpendBound.Of(quality, cost, group, plan.BudgetUsd), noise = SpendBound.Of(quality, cost, shuffled, plan.BudgetUsd);
        double[] gaps = [.. area.QualityByTask(quality, group).Zip(noise.QualityByTask(quality, shuffled), static (a, b) => a - b)];
        double mean = gaps.Average(), error = Math.Sqrt(gaps.Sum(gap => (gap - mean) * (gap - mean)) / gaps.Length / Math.Max(1, gaps.Length - 1));
        return new Hindsight(
            SpendBound.Of(quality, cost, new int[group.Length], plan.BudgetUsd).Quality, area.Quality, noise.Quality, SpendBound.Of(quality, cost, each, plan.BudgetUsd).Quality, error,
            SpendBound.Of(quality, cost, group, double.PositiveInfinity).CostUsd,
            [.. Enumerable.Range(0, subject.Arms.Length).Select(arm => arm < stretch.Arms ? stretch.Tasks.Average(task => task.Quality[arm]) : double.NaN)]);
    }
}

/// <summary>Intervals of means over few seeds.</summary>
internal static class Bootstrap
{
    private const int Draws = 2000;

    /// <summary>The 95 % percentile interval of the mean; the same for the same values.</summary>
    public static (double Low, double High) Interval(double[] values)
    {
        var random = new Random(1);
        var means = new double[Draws];
        for (int i = 0; i < Draws; i++)
        {
            double sum = 0;
            for (int j = 0; j < values.Length; j++) sum += values[random.Next(values.Length)];
            means[i] = sum / values.Length;
        }

        Array.Sort(means);
        return (means[(int)(0.025 * Draws)], means[(int)(0.975 * Draws)]);
    }
}
