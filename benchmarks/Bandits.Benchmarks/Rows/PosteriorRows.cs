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
    }

    public static Contest Pmf()
    {
        Posteriors beliefs = Posteriors.Of(Arms * Pmfs);
        return new Contest(new ThompsonPmf(beliefs, Arms), new FrozenBetaDraw(beliefs.Alphas, beliefs.Betas, Arms));
    }
}
