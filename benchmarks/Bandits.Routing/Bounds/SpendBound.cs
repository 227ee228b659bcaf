namespace Bandits.Routing.Bounds;

/// <summary>
/// The best that anybody could have done on a stretch of tasks, knowing every outcome in advance, who must treat all tasks of a group alike and may spend so much on average: a linear program, solved
/// exactly up to the last step of its dual.
/// </summary>
/// <remarks>maximise sum_g n_g sum_a p_ga q_ga subject to sum_g n_g sum_a p_ga c_ga &lt;= budget n. The Lagrangian splits by group; at the multiplier where the budget is met one group is split between two arms.</remarks>
internal sealed class SpendBound
{
    private const int Steps = 200;

    private SpendBound(double quality, double costUsd, double[][] pmfs) => (Quality, CostUsd, Pmfs) = (quality, costUsd, pmfs);

    public double Quality { get; }

    public double CostUsd { get; }

    /// <summary>Probability of each arm by group.</summary>
    public double[][] Pmfs { get; }

    /// <param name="quality">Quality by task and arm.</param>
    /// <param name="cost">Cost by task and arm, USD.</param>
    /// <param name="group">Group by task, from 0.</param>
    /// <param name="budget">Mean cost that may be spent, USD; infinity for any.</param>
    public static SpendBound Of(IReadOnlyList<double[]> quality, IReadOnlyList<double[]> cost, int[] group, double budget)
    {
        int groups = group.Length == 0 ? 0 : group.Max() + 1, arms = quality[0].Length;
        double[][] q = Sums(quality, group, groups, arms), c = Sums(cost, group, groups, arms);
        double count = group.Length;
        (double Quality, double Cost, int[] Arms) At(double price)
        {
            double sumQ = 0, sumC = 0;
            var chosen = new int[groups];
            for (int g = 0; g < groups; g++)
            {
                int best = 0;
                for (int a = 1; a < arms; a++)
                    if (q[g][a] - price * c[g][a] > q[g][best] - price * c[g][best]) best = a;
                chosen[g] = best;
                sumQ += q[g][best];
                sumC += c[g][best];
            }

            return (sumQ / count, sumC / count, chosen);
        }

        var free = At(0);
        if (free.Cost <= budget) return new SpendBound(free.Quality, free.Cost, Mix(free.Arms, free.Arms, 1, arms));
        double low = 0, high = 1;
        while (high < 1e15 && At(high).Cost > budget) high *= 2;
        for (int step = 0; step < Steps; step++)
        {
            double middle = (low + high) / 2;
            if (At(middle).Cost > budget) low = middle;
            else high = middle;
        }

        var dear = At(low);
        var cheap = At(high);
        double share = cheap.Cost > budget || dear.Cost <= cheap.Cost ? 0 : (budget - cheap.Cost) / (dear.Cost - cheap.Cost); // below what the cheapest costs nothing can be done
        return new SpendBound(cheap.Quality + share * (dear.Quality - cheap.Quality), cheap.Cost + share * (dear.Cost - cheap.Cost), Mix(dear.Arms, cheap.Arms, share, arms));
    }

    /// <summary>What each task was worth under the bound's probabilities.</summary>
    public double[] QualityByTask(IReadOnlyList<double[]> quality, int[] group)
    {
        var values = new double[group.Length];
        for (int i = 0; i < values.Length; i++)
            for (int a = 0; a < quality[i].Length; a++) values[i] += Pmfs[group[i]][a] * quality[i][a];
        return values;
    }

    private static double[][] Mix(int[] first, int[] second, double share, int arms)
    {
        var pmfs = new double[first.Length][];
        for (int g = 0; g < pmfs.Length; g++)
        {
            pmfs[g] = new double[arms];
            pmfs[g][first[g]] += share;
            pmfs[g][second[g]] += 1 - share;
        }

        return pmfs;
    }

    private static double[][] Sums(IReadOnlyList<double[]> values, int[] group, int groups, int arms)
    {
        var sums = new double[groups][];
        for (int g = 0; g < groups; g++) sums[g] = new double[arms];
        for (int i = 0; i < group.Length; i++)
            for (int a = 0; a < arms; a++) sums[group[i]][a] += values[i][a];
        return sums;
    }
}
