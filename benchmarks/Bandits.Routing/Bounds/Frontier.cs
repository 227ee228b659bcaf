using Bandits.Routing.Experiments;
using Bandits.Routing.Outcomes;
using Bandits.Routing.Running;

namespace Bandits.Routing.Bounds;

/// <summary>The most quality that hindsight could have had at each cost, as a curve.</summary>
/// <param name="Name">Which bound.</param>
/// <param name="CostUsd">What it spends, USD a decision, mean over seeds.</param>
/// <param name="Quality">What it gets, mean over seeds.</param>
internal sealed record Frontier(string Name, double[] CostUsd, double[] Quality)
{
    private const int Points = 49;

    /// <summary>Seeds beyond which a curve does not change to the eye.</summary>
    private const int MostSeeds = 20;

    /// <summary>The curves for the tasks that seeds are judged on, from the cheapest arm's cost to the dearest's: knowing every prompt, by area, no context.</summary>
    public static IReadOnlyList<Frontier> Of(Subject subject, int seeds, int threads)
    {
        double[] costs = [.. Enumerable.Range(0, subject.Established).Select(subject.MeanCostOf)];
        double least = Math.Max(costs.Min(), costs.Max() / 1e6), most = costs.Max();
        double[] budgets = [.. Enumerable.Range(0, Points).Select(i => least * Math.Pow(most / least, i / (Points - 1.0)))];
        (string Name, Func<RoutingTask[], int[]> Groups)[] bounds =
        [
            ("knowing every prompt", static tasks => [.. Enumerable.Range(0, tasks.Length)]),
            ("by area", Laboratory.AreasOf),
            ("no context", static tasks => new int[tasks.Length]),
        ];
        var found = new SpendBound[Math.Min(seeds, MostSeeds)][][];
        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, seed =>
        {
            RoutingTask[] tasks = subject.Deal(seed, false).Test;
            double[][] quality = Array.ConvertAll(tasks, task => task.Quality), cost = Array.ConvertAll(tasks, task => task.CostUsd);
            found[seed] = Array.ConvertAll(bounds, bound => Array.ConvertAll(budgets, budget => SpendBound.Of(quality, cost, bound.Groups(tasks), budget)));
        });
        return [.. bounds.Select((bound, b) => new Frontier(
            bound.Name, [.. budgets.Select((_, i) => found.Average(seed => seed[b][i].CostUsd))], [.. budgets.Select((_, i) => found.Average(seed => seed[b][i].Quality))]))];
    }
}
