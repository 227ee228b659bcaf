using Bandits.Contextual;
using Bandits.Routing.Outcomes;

namespace Bandits.Routing.Running;

/// <summary>Sends tasks through a real router, one at a time, and tells it what became of each.</summary>
internal static class Runner
{
    /// <summary>What the library recommends for correcting segments.</summary>
    private const double Ridge = 100;

    /// <summary>One decision is open at a time, and each keeps its features.</summary>
    private const int OpenDecisions = 1024;

    /// <summary>The options of every run: what a user would write who knows the models' prices and what may be spent, and nothing else.</summary>
    /// <param name="arms">The arms.</param>
    /// <param name="budget">USD a decision; infinity for no bound, where costs do not matter.</param>
    /// <param name="seed">Seed of the router.</param>
    /// <param name="features">Features of a prompt, which a regression then corrects the segments by; 0 for none.</param>
    public static RouterOptions OptionsOf(IEnumerable<Arm> arms, double budget, int seed, int features = 0)
    {
        var options = new RouterOptions
        {
            Dimensions = ["area"],
            Seed = (ulong)seed,
            TypicalInputTokens = PriceList.InputTokens,
            TypicalOutputTokens = PriceList.OutputTokens,
            Strategy = Strategy.Budgeted,
            Budget = new Budget { UsdPerDecision = double.IsInfinity(budget) ? 1e6 : budget },
        };
        foreach (Arm arm in arms) options.Arms.Add(arm);
        if (features > 0) (options.FeatureCount, options.Model, options.LedgerCapacity) = (features, new LinearModel(features, Ridge), OpenDecisions);
        return options;
    }

    /// <param name="stretches">What is played, one after the other.</param>
    /// <param name="router">The router.</param>
    /// <param name="isByArea">Whether requests tell their area.</param>
    /// <param name="prompts">What requests tell of their prompts; null for nothing.</param>
    public static List<StretchResult> Run(IEnumerable<Stretch> stretches, BanditRouter router, bool isByArea, PromptFeatures? prompts)
    {
        var results = new List<StretchResult>();
        foreach (Stretch stretch in stretches)
        {
            stretch.Before?.Invoke(router);
            int count = stretch.Tasks.Length;
            var result = new StretchResult(stretch, new double[count], new double[count], new int[count]);
            for (int i = 0; i < count; i++)
            {
                RoutingTask task = stretch.Tasks[i];
                var request = new Request(isByArea ? router.SegmentOf(task.Area) : default) { Features = prompts?.Of(task) ?? default };
                if (!router.TryDecide(request, out Decision decision)) throw new InvalidOperationException($"No arm for task {task.Id}: {decision.WhyNone}.");
                int arm = decision.Arm;
                double cost = task.CostUsd[arm];
                router.Record(decision, new Outcome { Kind = OutcomeKind.Partial, Quality = task.Quality[arm], CostUsd = double.IsNaN(cost) ? null : cost });
                (result.Arms[i], result.Quality[i], result.CostUsd[i]) = (arm, task.Quality[arm], cost);
            }

            results.Add(result);
        }

        return results;
    }

    /// <summary>A shuffled copy that depends on seed and purpose and nothing else.</summary>
    public static T[] Shuffle<T>(IReadOnlyList<T> items, int seed, int purpose)
    {
        T[] copy = [.. items];
        new Random(unchecked(seed * 1_000_003 + purpose)).Shuffle(copy);
        return copy;
    }
}
