using Bandits.Routing.Bounds;
using FsCheck.Xunit;

namespace Bandits.Tests.Routing;

/// <summary>The hindsight bounds of the routing program: linear programs with a known optimum.</summary>
public sealed class SpendBoundTests
{
    private const double Tolerance = 1e-9;

    /// <summary>A small random instance; some qualities and costs are equal, some budgets beyond what can be spent or saved.</summary>
    private sealed class Instance
    {
        private readonly Random _random;

        public Instance(int seed)
        {
            _random = new Random(seed);
            int tasks = _random.Next(1, 9), arms = _random.Next(1, 4);
            Quality = [.. Enumerable.Range(0, tasks).Select(_ => Row(arms, static random => random.Next(4) / 3.0))];
            Cost = [.. Enumerable.Range(0, tasks).Select(_ => Row(arms, static random => Math.Pow(10, -random.Next(4)) * random.Next(1, 4)))];
            int groups = _random.Next(1, 4);
            Group = [.. Enumerable.Range(0, tasks).Select(_ => _random.Next(groups))];
            Budget = Budgets[_random.Next(Budgets.Length)] * _random.NextDouble();
        }

        private static double[] Budgets => [0.001, 0.01, 0.1, 1, 5];

        public double[][] Quality { get; }

        public double[][] Cost { get; }

        public int[] Group { get; }

        public double Budget { get; }

        public SpendBound Bound(double? budget = null, int[]? group = null) => SpendBound.Of(Quality, Cost, group ?? Group, budget ?? Budget);

        /// <summary>What can be had is the convex hull of what can be had without chance, so the optimum mixes at most two such choices.</summary>
        public double? BestByForce(double budget)
        {
            int groups = Group.Max() + 1, arms = Quality[0].Length;
            var pure = new List<(double Cost, double Quality)>();
            for (int code = 0; code < Math.Pow(arms, groups); code++)
            {
                int[] arm = [.. Enumerable.Range(0, groups).Select(g => code / (int)Math.Pow(arms, g) % arms)];
                pure.Add((Group.Select((g, i) => Cost[i][arm[g]]).Average(), Group.Select((g, i) => Quality[i][arm[g]]).Average()));
            }

            double? best = null;
            foreach ((double cost, double quality) in pure.Where(one => one.Cost <= budget))
            {
                best = Math.Max(best ?? 0, quality);
                foreach ((double dearCost, double dearQuality) in pure.Where(one => one.Cost > budget))
                    best = Math.Max(best.Value, quality + (budget - cost) / (dearCost - cost) * (dearQuality - quality));
            }

            return best;
        }

        private double[] Row(int arms, Func<Random, double> draw) => [.. Enumerable.Range(0, arms).Select(_ => draw(_random))];
    }

    [Property(MaxTest = 2000)]
    public void It_is_what_brute_force_finds(int seed)
    {
        var instance = new Instance(seed);
        SpendBound bound = instance.Bound();
        if (instance.BestByForce(instance.Budget) is not { } best) return;
        Assert.Equal(best, bound.Quality, Tolerance);
        Assert.True(bound.CostUsd <= instance.Budget + Tolerance, $"{bound.CostUsd} > {instance.Budget}");
    }

    [Property(MaxTest = 500)]
    public void More_money_buys_more_and_each_dollar_less_than_the_one_before(int seed)
    {
        var instance = new Instance(seed);
        double least = instance.Bound(0).CostUsd, step = Math.Max(instance.Budget, 0.01) / 4;
        double[] quality = [.. Enumerable.Range(0, 12).Select(i => instance.Bound(least + i * step).Quality)];
        for (int i = 1; i < quality.Length; i++) Assert.True(quality[i] >= quality[i - 1] - Tolerance);
        for (int i = 2; i < quality.Length; i++) Assert.True(quality[i] - quality[i - 1] <= quality[i - 1] - quality[i - 2] + Tolerance);
    }

    [Property(MaxTest = 500)]
    public void Who_tells_more_tasks_apart_gets_no_less(int seed)
    {
        var instance = new Instance(seed);
        int[] each = [.. Enumerable.Range(0, instance.Group.Length)], shuffled = [.. instance.Group];
        new Random(seed).Shuffle(shuffled);
        double budget = Math.Max(instance.Budget, instance.Bound(0, new int[each.Length]).CostUsd); // what even he who tells nothing apart can pay
        double none = instance.Bound(budget, new int[each.Length]).Quality, prompt = instance.Bound(budget, each).Quality;
        Assert.All((double[])[instance.Bound(budget).Quality, instance.Bound(budget, shuffled).Quality], some => Assert.InRange(some, none - Tolerance, prompt + Tolerance));
    }

    [Property(MaxTest = 500)]
    public void Its_parts_agree(int seed)
    {
        var instance = new Instance(seed);
        SpendBound bound = instance.Bound();
        Assert.Equal(bound.Quality, bound.QualityByTask(instance.Quality, instance.Group).Average(), Tolerance);
        Assert.Equal(bound.CostUsd, bound.QualityByTask(instance.Cost, instance.Group).Average(), Tolerance);
        Assert.All(bound.Pmfs, static pmf =>
        {
            Assert.Equal(1, pmf.Sum(), Tolerance);
            Assert.All(pmf, static p => Assert.InRange(p, 0, 1));
        });
    }

    /// <summary>Half of the money for the dear arm is left after the cheap one is paid.</summary>
    [Fact]
    public void Two_arms_share_what_the_budget_leaves()
    {
        SpendBound bound = SpendBound.Of([[0.5, 0.9]], [[1, 3]], [0], 2);
        Assert.Equal(0.7, bound.Quality, Tolerance);
        Assert.Equal(2, bound.CostUsd, Tolerance);
        Assert.Equal([0.5, 0.5], bound.Pmfs[0]);
    }

    /// <summary>The second area gains .4 for 2 USD, the first .1: the second is served first, and what is left buys half of the first.</summary>
    [Fact]
    public void Money_goes_where_it_buys_most()
    {
        SpendBound bound = SpendBound.Of([[0.8, 0.9], [0.5, 0.9]], [[1, 3], [1, 3]], [0, 1], 2.5);
        Assert.Equal((0.85 + 0.9) / 2, bound.Quality, Tolerance);
        Assert.Equal(0.5, bound.Pmfs[0][1], Tolerance);
        Assert.Equal(1, bound.Pmfs[1][1], Tolerance);
    }

    [Fact]
    public void Without_a_budget_each_group_gets_its_best_arm()
    {
        SpendBound bound = SpendBound.Of([[0.2, 0.9], [0.7, 0.1]], [[1, 50], [2, 3]], [0, 1], double.PositiveInfinity);
        Assert.Equal((0.8, 26), (bound.Quality, bound.CostUsd));
    }

    /// <summary>Nobody can spend less.</summary>
    [Fact]
    public void Below_the_cheapest_it_is_the_cheapest()
    {
        SpendBound bound = SpendBound.Of([[0.2, 0.9], [0.3, 0.9]], [[1, 50], [2, 50]], [0, 1], 0.5);
        Assert.Equal(0.25, bound.Quality, Tolerance);
        Assert.Equal(1.5, bound.CostUsd, Tolerance);
    }
}
