using Bandits.Numerics;

namespace Bandits.Cli.Demo;

/// <summary>What came of routing tasks: means over the tasks, and how often each arm was chosen.</summary>
internal sealed record ReplayResult(double Quality, double CostUsd, double[] Shares);

/// <summary>Routes every task once, in an order drawn from the seed, and lets the router learn only from the arm it chose.</summary>
internal static class Replay
{
    private const int Ledger = 2048;

    /// <summary>
    /// A table written by hand, not tuned, after the pattern of the default table: the cheap model for everyday common sense, the strong one for
    /// mathematics and code, the middle one for the rest.
    /// </summary>
    public static IReadOnlyList<BaselineRule> Rules { get; } =
    [
        new("area=hellaswag|winogrande|openbookqa|arc_challenge", null, ArmTier.Fast),
        new("area=gsm8k|mbpp|bbh", null, ArmTier.Advanced),
        new("", null, ArmTier.Standard),
    ];

    /// <returns>What came of all tasks, and of the last third of them alone.</returns>
    public static (ReplayResult All, ReplayResult LastThird) Run(ShippedOutcomes outcomes, Strategy strategy, double referenceCostUsd, int seed)
    {
        var options = new RouterOptions
        {
            Dimensions = ["area"],
            Strategy = strategy,
            ReferenceCostUsd = referenceCostUsd,
            BaselineRules = Rules,
            Seed = (ulong)seed,
            LedgerCapacity = Ledger,
            TypicalInputTokens = 200,
            TypicalOutputTokens = 300,
        };
        foreach (Arm arm in outcomes.Arms) options.Arms.Add(arm);
        var router = new BanditRouter(options);
        int count = outcomes.Tasks.Count;
        var all = new Tally(outcomes.Arms.Count);
        var lastThird = new Tally(outcomes.Arms.Count);
        foreach (int index in Order(count, seed))
        {
            ReplayTask task = outcomes.Tasks[index];
            var request = new Request(router.SegmentOf(task.Area));
            if (!router.TryDecide(request, out Decision decision)) throw new InvalidOperationException($"No arm was eligible: {decision.WhyNone}.");
            int arm = decision.Arm;
            router.Record(decision, new Outcome { Kind = OutcomeKind.Partial, Quality = task.Quality[arm], CostUsd = task.CostUsd[arm] });
            all.Add(task, arm);
            if (all.Tasks > count - count / 3) lastThird.Add(task, arm);
        }

        return (all.Result(), lastThird.Result());
    }

    /// <summary>A uniformly random order (Fisher and Yates).</summary>
    private static int[] Order(int count, int seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        var random = new RandomStream((ulong)seed, new DecisionId(1, 1), StreamPurpose.Policy);
        for (int i = count - 1; i > 0; i--)
        {
            int j = random.NextBelow(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>Sums over tasks.</summary>
    private sealed class Tally(int arms)
    {
        private readonly double[] _chosen = new double[arms];
        private double _quality;
        private double _costUsd;

        public int Tasks { get; private set; }

        public void Add(ReplayTask task, int arm)
        {
            Tasks++;
            _quality += task.Quality[arm];
            _costUsd += task.CostUsd[arm];
            _chosen[arm]++;
        }

        public ReplayResult Result() => new(_quality / Tasks, _costUsd / Tasks, Array.ConvertAll(_chosen, chosen => chosen / Tasks));
    }
}
