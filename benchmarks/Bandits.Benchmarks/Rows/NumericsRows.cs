using Bandits.Benchmarks.Baselines;
using Bandits.Benchmarks.Inputs;
using Bandits.Benchmarks.Operations;
using Bandits.Benchmarks.Pairing;

namespace Bandits.Benchmarks.Rows;

/// <summary>What policies compute from a belief.</summary>
internal static class NumericsRows
{
    private const int Draws = 4096;

    /// <summary>A quantile takes ten times as long as a draw, MathNet's a hundred times.</summary>
    private const int Quantiles = 256;

    public static IEnumerable<Row> All()
    {
        yield return new TimedRow
        {
            Name = "one Beta draw, cached constants",
            SetUp = Draw,
            Against = "MathNet `Beta.Sample` from the base library's xoshiro256**",
            RatioGoal = Goal.AtMost(1 / 3.5),
            BytesGoal = Goal.AtMost(0),
        };
        yield return new TimedRow
        {
            Name = "KL-UCB index",
            SetUp = Kl,
            Against = "bisection to 1e-9",
            RatioGoal = Goal.AtMost(1 / 6.0),
            BytesGoal = Goal.AtMost(0),
        };
        yield return new TimedRow
        {
            Name = "Bayes-UCB index",
            SetUp = Bayes,
            Against = "MathNet `Beta.InvCDF`, which attains the tail less exactly",
            RatioGoal = Goal.AtMost(1 / 6.0),
            BytesGoal = Goal.AtMost(0),
        };
    }

    public static Contest Draw()
    {
        Posteriors beliefs = Posteriors.Of(Draws);
        return new Contest(new BetaDraw(beliefs), new LibraryBetaDraw(beliefs.Alphas, beliefs.Betas));
    }

    public static Contest Kl()
    {
        Posteriors beliefs = Posteriors.Of(Draws);
        return new Contest(new KlIndex(beliefs), new BisectedKlIndex(beliefs.Means, beliefs.Bounds));
    }

    public static Contest Bayes()
    {
        Posteriors beliefs = Posteriors.Of(Quantiles);
        return new Contest(new BayesIndex(beliefs), new LibraryBetaQuantile(beliefs.Alphas, beliefs.Betas, beliefs.Tails));
    }
}
