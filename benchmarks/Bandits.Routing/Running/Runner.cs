using Bandits.Routing.Outcomes;

namespace Bandits.Routing.Running;

/// <summary>What a request tells the router of its task.</summary>
internal enum Context
{
    None,
    Area,
}

/// <summary>Sends tasks through a real router, one at a time, and tells it what became of each.</summary>
internal static class Runner
{
    /// <summary>The options of every run: what a user would write who knows the models' prices and what may be spent, and nothing else.</summary>
    public static RouterOptions OptionsOf(IEnumerable<Arm> arms, double budget, ulong seed)
    {
        var options = new RouterOptions
        {
            Dimensions = ["area"],
            Seed = seed,
            TypicalInputTokens = PriceList.InputTokens,
            TypicalOutputTokens = PriceList.OutputTokens,
            Strategy = double.IsInfinity(budget) ? Strategy.Adaptive : Strategy.Budgeted,
            Budget = double.IsInfinity(budget) ? null : new Budget { UsdPerDecision = budget },
        };
        if (double.IsInfinity(budget)) options.CostWeight = 0;
        foreach (Arm arm in arms) options.Arms.Add(arm);
        return options;
    }

    public static List<StretchResult> Run(BanditRouter router, IEnumerable<Stretch> stretches, Context context)
    {
        var results = new List<StretchResult>();
        foreach (Stretch stretch in stretches)
        {
            stretch.Before?.Invoke(router);
            int count = stretch.Tasks.Length;
            var result = new StretchResult { Stretch = stretch, Quality = new double[count], CostUsd = new double[count], Arms = new int[count] };
            for (int i = 0; i < count; i++)
            {
                RoutingTask task = stretch.Tasks[i];
                var request = new Request(context == Context.Area ? router.SegmentOf(task.Area) : default);
                if (!router.TryDecide(request, out Decision decision)) throw new InvalidOperationException($"No arm for task {task.Id}: {decision.WhyNone}.");
                int arm = decision.Arm;
                bool hasCost = !double.IsNaN(task.CostUsd[arm]);
                router.Record(decision, new Outcome { Kind = OutcomeKind.Partial, Quality = task.Quality[arm], CostUsd = hasCost ? task.CostUsd[arm] : null });
                (result.Arms[i], result.Quality[i], result.CostUsd[i]) = (arm, task.Quality[arm], hasCost ? task.CostUsd[arm] : 0);
            }

            results.Add(result);
        }

        return results;
    }

    /// <summary>A shuffled copy that depends on the seed and nothing else.</summary>
    public static T[] Shuffle<T>(IReadOnlyList<T> items, int seed, int purpose)
    {
        T[] copy = [.. items];
        var random = new Random(unchecked(seed * 1000003 + purpose));
        random.Shuffle(copy);
        return copy;
    }
}
