using Bandits.Benchmarks.Baselines;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Operations;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>What policies integrate over posteriors.</summary>
internal static class PosteriorRows
{
    private const int Arms = 4;
    private const int Pmfs = 256;

    public static IEnumerable<Row> All()
    {
        yield return new TimedRow
        {
            Name = "Thompson pmf of 4 arms",
            SetUp = Pmf,
            Against = "four frozen-baseline Beta draws",
            RatioGoal = Goal.AtMost(30),
            BytesGoal = Goal.AtMost(0),
        };
        yield return Routing("route: Thompson, 4 arms, no propensity", 1.6, propensities: false, records: false);
        yield return Routing("route and record: Thompson, 4 arms, no propensity", 1.9, propensities: false, records: true);
        yield return Routing("route and record: Thompson, 4 arms, drawn from its exact pmf each time", 30, propensities: true, records: true);
    }

    private static TimedRow Routing(string name, double most, bool propensities, bool records) => new()
    {
        Name = name,
        SetUp = () =>
        {
            var traffic = new SamplingTraffic(propensities);
            return new Contest(new RouteSampling(traffic, records), new FrozenBetaDraw(Repeated(traffic.Alphas), Repeated(traffic.Betas), Arms));
        },
        Against = "four frozen-baseline Beta draws",
        RatioGoal = Goal.AtMost(most),
        BytesGoal = Goal.AtMost(0),
    };

    /// <summary>The same four laws again and again, so that one run of draws is as long as one of decisions.</summary>
    private static double[] Repeated(double[] four)
    {
        var all = new double[Pmfs * Arms];
        for (int i = 0; i < all.Length; i++) all[i] = four[i % Arms];
        return all;
    }

    public static Contest Pmf()
    {
        Posteriors beliefs = Posteriors.Of(Arms * Pmfs);
        return new Contest(new ThompsonPmf(beliefs, Arms), new FrozenBetaDraw(beliefs.Alphas, beliefs.Betas, Arms));
    }
}
