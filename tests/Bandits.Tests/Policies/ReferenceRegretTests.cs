using Bandits.Numerics;
using Bandits.Policies;

namespace Bandits.Tests.Policies;

/// <summary>
/// Mean pseudo-regret on Bernoulli arms 0.9 and 0.8 over 10,000 rounds against the figures of reference. 24 seeds, seven combined standard errors (Student with 23
/// degrees: false alarm below 1e-6 a row if runs were normal; fixed seeds, so a run is repeatable).
/// </summary>
public sealed class ReferenceRegretTests
{
    private const int Seeds = 24;

    public static TheoryData<string, double> Figures => new()
    {
        { "ucb1", 87.8 }, { "moss", 28.5 }, { "kl-ucb", 15.1 }, { "kl-ucb+", 10.4 }, { "imed", 10.2 }, { "epsilon-greedy", 55.1 },
    };

    [Theory]
    [MemberData(nameof(Figures))]
    public void Regret_is_that_of_the_textbook(string name, double figure)
    {
        IRoutingPolicy policy = name switch
        {
            "ucb1" => Ucb1Rule.Policy,
            "moss" => MossRule.Policy,
            "kl-ucb" => KlUcbRule.Policy,
            "kl-ucb+" => KlUcbPlusRule.Policy,
            "imed" => ImedRule.Policy,
            _ => EpsilonGreedyPolicy.Policy,
        };
        double sum = 0, squares = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            double regret = Play(policy, [0.9, 0.8], 10_000, seed);
            sum += regret;
            squares += regret * regret;
        }

        double mean = sum / Seeds, error = Math.Sqrt((squares / Seeds - mean * mean) / (Seeds - 1));
        Assert.InRange(mean, figure - 7 * error, figure + 7 * error);
    }

    private static double Play(IRoutingPolicy policy, double[] means, int horizon, ulong seed)
    {
        int[] arms = [.. Enumerable.Range(0, means.Length)];
        Belief[] beliefs = [.. arms.Select(_ => IndexRuleTests.Of(0.5, 0))];
        double[] sums = new double[means.Length], counts = new double[means.Length];
        double regret = 0, best = means.Max();
        ulong key = RandomStream.KeyOf(seed, 1);
        for (int t = 0; t < horizon; t++)
        {
            var random = new RandomStream(key, (ulong)t, StreamPurpose.Policy);
            int arm = policy.Choose(new Choices(beliefs, arms, t), ref random);
            regret += best - means[arm];
            sums[arm] += random.NextUnit() < means[arm] ? 1 : 0;
            beliefs[arm] = IndexRuleTests.Of(sums[arm] / ++counts[arm], counts[arm]);
        }

        return regret;
    }
}
