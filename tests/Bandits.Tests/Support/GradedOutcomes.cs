using Bandits.Numerics;
using Bandits.Statistics;

namespace Bandits.Tests.Support;

/// <summary>Graded outcomes of three arms, memories to learn them, and the sums that should then stand there.</summary>
internal static class GradedOutcomes
{
    public const int Arms = 3;

    public static double[] MemoryOf(Forgetting forgetting) => new double[forgetting.HeaderLength + Arms * forgetting.ArmLength];

    public static GradedOutcome[] Some(int seed, int count)
    {
        RandomStream random = Given.Random((ulong)seed);
        var outcomes = new GradedOutcome[count];
        for (int i = 0; i < count; i++)
        {
            double u = random.NextUnit();
            outcomes[i] = new GradedOutcome(random.NextBelow(Arms), u < 0.3 ? 1 : u < 0.6 ? 0 : random.NextUnit())
            {
                HasCost = random.NextUnit() < 0.6,
                CostUsd = Math.Pow(10, 8 * random.NextUnit() - 5),
                HasLatency = random.NextUnit() < 0.6,
                LatencySeconds = random.NextBelow(1 << 30) / 1e6,
            };
        }

        return outcomes;
    }

    /// <summary>The same outcomes in a cell of evidence.</summary>
    public static OutcomeSums SumsOf(IEnumerable<GradedOutcome> outcomes)
    {
        Evidence evidence = default;
        foreach (GradedOutcome outcome in outcomes)
        {
            evidence.Add(new Outcome
            {
                Kind = OutcomeKind.Partial,
                Quality = outcome.Quality,
                CostUsd = outcome.HasCost ? outcome.CostUsd : null,
                Latency = outcome.HasLatency ? TimeSpan.FromTicks((long)Math.Round(outcome.LatencySeconds * TimeSpan.TicksPerSecond)) : null,
            });
        }

        return new OutcomeSums(
            evidence.QualityCount, evidence.QualitySum, evidence.QualitySquareSum, evidence.CostCount, evidence.CostSumUsd, evidence.CostSquareSumUsd,
            evidence.LatencyCount, evidence.LatencySumSeconds);
    }

    /// <summary>The same outcomes, each with its weight.</summary>
    public static OutcomeSums SumsOf(IEnumerable<(GradedOutcome Outcome, double Weight)> outcomes)
    {
        double Sum(Func<GradedOutcome, double> part) => outcomes.Sum(o => o.Weight * part(o.Outcome));
        return new OutcomeSums(
            Sum(_ => 1), Sum(o => o.Quality), Sum(o => o.Quality * o.Quality),
            Sum(o => o.HasCost ? 1 : 0), Sum(o => o.HasCost ? o.CostUsd : 0), Sum(o => o.HasCost ? o.CostUsd * o.CostUsd : 0),
            Sum(o => o.HasLatency ? 1 : 0), Sum(o => o.HasLatency ? o.LatencySeconds : 0));
    }

    public static void AssertNear(in OutcomeSums expected, in OutcomeSums actual, double relative)
    {
        static double[] Numbers(in OutcomeSums sums) =>
            [sums.Count, sums.QualitySum, sums.QualitySquareSum, sums.CostCount, sums.CostSum, sums.CostSquareSum, sums.LatencyCount, sums.LatencySum];
        double[] one = Numbers(expected), other = Numbers(actual);
        for (int i = 0; i < one.Length; i++) Assert.Equal(one[i], other[i], 1e-9 + relative * Math.Abs(one[i]));
    }
}
