using Bandits.Cli.Rendering;
namespace Bandits.Cli.Demo;

/// <summary>One way to choose: means over the seeds, and the standard error of the quality at equal spend (NaN where nothing is random).</summary>
internal sealed record ReplayRow(string Name, double Quality, double CostUsd, double[] Shares, double AboveMixing, double StandardError, double UtilityUsd);

/// <summary>The five strategies and the yardsticks on the same outcomes.</summary>
internal sealed class ReplayReport
{
    public const int Seeds = 20;

    /// <summary>
    /// With the default weights a success is then worth $1.17: about what a minute of the work of the person costs who would otherwise
    /// repair the answer. The three arms
    /// cost $0.00003, $0.0005 and $0.015 a prompt; at the default of $0.10 the dearest would never pay for itself.
    /// </summary>
    public const double ReferenceCostUsd = 0.50;

    private ReplayReport(ShippedOutcomes outcomes, double valueUsd, IReadOnlyList<ReplayRow> rows) => (Outcomes, ValueUsd, Rows) = (outcomes, valueUsd, rows);

    public ShippedOutcomes Outcomes { get; }

    /// <summary>What a success is worth, USD.</summary>
    public double ValueUsd { get; }

    public IReadOnlyList<ReplayRow> Rows { get; }

    public static ReplayReport Run(double referenceCostUsd = ReferenceCostUsd)
    {
        ShippedOutcomes outcomes = ShippedOutcomes.Load();
        var defaults = new RouterOptions();
        double value = Objective.FromWeights(defaults.SuccessWeight, defaults.CostWeight, referenceCostUsd).ValueUsd;
        var yardsticks = new Yardsticks(outcomes, value);
        var rows = new List<ReplayRow>();
        foreach (Strategy strategy in (Strategy[])[Strategy.Baseline, Strategy.Performance, Strategy.Cost, Strategy.Balanced, Strategy.Learning, Strategy.Adaptive])
        {
            ReplayResult[] all = new ReplayResult[Seeds], lastThird = new ReplayResult[Seeds];
            for (int seed = 0; seed < Seeds; seed++) (all[seed], lastThird[seed]) = Replay.Run(outcomes, strategy, referenceCostUsd, seed);
            rows.Add(Row(Layout.NameOf(strategy), all));
            if (strategy == Strategy.Learning) rows.Add(Row("  its last third", lastThird));
        }

        rows.Add(Row("cheapest", [yardsticks.Cheapest]));
        rows.Add(Row("best single", [yardsticks.BestSingle]));
        rows.Add(Row("uniform", [yardsticks.Uniform]));
        rows.Add(Row("best per area", [yardsticks.BestPerArea]));
        return new ReplayReport(outcomes, value, rows);

        ReplayRow Row(string name, ReplayResult[] results)
        {
            double[] above = Array.ConvertAll(results, r => yardsticks.AboveMixing(r.Quality, r.CostUsd));
            double quality = results.Average(r => r.Quality), cost = results.Average(r => r.CostUsd), mean = above.Average();
            double error = results.Length > 1 ? Math.Sqrt(above.Sum(a => (a - mean) * (a - mean)) / (results.Length - 1) / results.Length) : double.NaN;
            double[] shares = new double[outcomes.Arms.Count];
            for (int arm = 0; arm < shares.Length; arm++) shares[arm] = results.Average(r => r.Shares[arm]);
            return new ReplayRow(name, quality, cost, shares, mean, error, value * quality - cost);
        }
    }
}
