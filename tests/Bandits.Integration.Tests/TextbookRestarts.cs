namespace Bandits.Integration.Tests;

/// <summary>
/// KL-UCB with restarts as a textbook would have it, for environment (iv) alone: lists of rewards, bisection, no code of the library. By Besson, Kaufmann, Maillard
/// and Seznec (2022), Efficient change-point detection for tackling piecewise-stationary bandits, JMLR 23(77), algorithm 1.
/// </summary>
internal static class TextbookRestarts
{
    private const int Horizon = 10_000, PhaseLength = 2000, Breaks = 5, TestEvery = 5, SplitEvery = 5, Bisections = 40;
    private static readonly double[][] Phases = [[0.3, 0.5, 0.9], [0.3, 0.2, 0.9], [0.3, 0.2, 0.1], [0.7, 0.2, 0.1], [0.7, 0.5, 0.1]];

    /// <summary>What restarts.</summary>
    internal enum Scope
    {
        /// <summary>The arm on which the GLR test gave alarm.</summary>
        Arm,

        /// <summary>All arms at any alarm.</summary>
        All,

        /// <summary>All arms at the true breaks; no test, no forced exploration.</summary>
        Oracle,
    }

    /// <summary>Mean pseudo-regret over seeds, and its standard error.</summary>
    public static (double Mean, double Error) Regret(Scope scope, int seeds)
    {
        double[] regret = [.. ParallelEnumerable.Range(0, seeds).AsOrdered().Select(seed => Play(scope, new Random(seed)))];
        double mean = regret.Average();
        return (mean, Math.Sqrt(regret.Sum(r => (r - mean) * (r - mean)) / (seeds - 1) / seeds));
    }

    private static double Play(Scope scope, Random random)
    {
        double forced = scope == Scope.Oracle ? 0 : 0.1 * Math.Sqrt(Breaks * Math.Log(Horizon) / Horizon), delta = 1 / Math.Sqrt((double)Breaks * Horizon), regret = 0;
        List<bool>[] rewards = [[], [], []];
        int[] successes = new int[3];
        for (int t = 0; t < Horizon; t++)
        {
            double[] means = Phases[t / PhaseLength];
            if (scope == Scope.Oracle && t % PhaseLength == 0) Restart([0, 1, 2]);
            int arm = random.NextDouble() < forced ? random.Next(3) : Highest(rewards, successes, random);
            bool reward = random.NextDouble() < means[arm];
            rewards[arm].Add(reward);
            successes[arm] += reward ? 1 : 0;
            regret += means.Max() - means[arm];
            if (scope != Scope.Oracle && rewards[arm].Count % TestEvery == 0 && HasChanged(rewards[arm], successes[arm], delta)) Restart(scope == Scope.Arm ? [arm] : [0, 1, 2]);
        }

        return regret;

        void Restart(int[] arms)
        {
            foreach (int arm in arms) (rewards[arm], successes[arm]) = ([], 0);
        }
    }

    private static int Highest(List<bool>[] rewards, int[] successes, Random random)
    {
        var best = new List<int>();
        double highest = double.NegativeInfinity, plays = rewards.Sum(static list => list.Count); // those that no restart has dropped
        for (int arm = 0; arm < rewards.Length; arm++)
        {
            int n = rewards[arm].Count;
            double index = n == 0 ? double.PositiveInfinity : Upper(successes[arm] / (double)n, Math.Log(Math.Max(1, plays)) / n);
            if (index > highest) (highest, best) = (index, []);
            if (index == highest) best.Add(arm);
        }

        return best[random.Next(best.Count)];
    }

    private static double Upper(double mean, double bound)
    {
        double low = mean, high = 1;
        for (int i = 0; i < Bisections; i++)
        {
            double middle = (low + high) / 2;
            if (Kl(mean, middle) > bound) high = middle;
            else low = middle;
        }

        return low;
    }

    private static bool HasChanged(List<bool> rewards, int successes, double delta)
    {
        int n = rewards.Count, before = 0;
        double threshold = Math.Log(3 * Math.Pow(n, 1.5) / delta);
        for (int split = 1; split < n; split++)
        {
            before += rewards[split - 1] ? 1 : 0;
            if (split % SplitEvery != 0) continue;
            double evidence = split * Kl((double)before / split, (double)successes / n) + (n - split) * Kl((double)(successes - before) / (n - split), (double)successes / n);
            if (evidence > threshold) return true;
        }

        return false;
    }

    private static double Kl(double p, double q) => (p > 0 ? p * Math.Log(p / q) : 0) + (p < 1 ? (1 - p) * Math.Log((1 - p) / (1 - q)) : 0);
}
