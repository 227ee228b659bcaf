using System.Globalization;
using Bandits.Policies;

namespace Bandits.Regret.Policies;

/// <summary>The policies by name.</summary>
/// <remarks>
/// A name may carry modifiers: <c>NAME/pooled</c> lets segments borrow from each other, <c>NAME/floor=SHARE</c> spreads that share of decisions evenly over all arms.
/// </remarks>
internal static class PolicyBook
{
    /// <summary>The word for every policy.</summary>
    public const string All = "all";

    /// <summary>Share of exploration of plain epsilon-greedy.</summary>
    private const double Epsilon = 0.1;

    /// <summary>Phases that EXP3.S is tuned to: those of environment (iv).</summary>
    private const int Phases = 5;

    private const string Pooled = "pooled";
    private const string Floor = "floor=";

    public static IReadOnlyList<PolicyEntry> Entries { get; } =
    [
        Of("uniform", "every arm equally often", UniformPolicy.Instance) with { IsQuick = true },
        Of("greedy", "highest mean, never explores", GreedyRule.Policy),
        new("epsilon-greedy", "greedy, a tenth of the decisions spread evenly", static (options, _) => Explore(options, Epsilon)) { IsQuick = true },
        new("learning", "greedy, with the adaptive exploration share that is the library's default", static (options, _) => options.Strategy = Strategy.Learning) { IsQuick = true },
        new("exp3.s", "exponential weights tuned to the horizon and five phases; not part of the library", static (options, horizon) => options.Policy = new Exp3S(options.Arms.Count, horizon, Phases)) { IsYardstick = true },
    ];

    /// <summary>Policies by a list of names for so many arms; "all" stands for those given.</summary>
    /// <exception cref="UsageException">There is no such policy, or it is not for so many arms.</exception>
    public static IReadOnlyList<PolicyEntry> Read(string names, IEnumerable<PolicyEntry> all, int arms)
    {
        var chosen = new List<PolicyEntry>();
        foreach (string name in names.Split(',', StringSplitOptions.TrimEntries))
            foreach (PolicyEntry entry in name == All ? all : [Find(name) ?? throw Unknown(name)])
            {
                if (entry.MostArms < arms) throw UsageException.Range($"policy '{name}': the number of arms", arms, $"1 to {entry.MostArms}");
                if (!chosen.Exists(c => c.Name == entry.Name)) chosen.Add(entry);
            }

        return chosen;
    }

    /// <summary>The policy of this name, modifiers applied; null when there is none.</summary>
    public static PolicyEntry? Find(string name)
    {
        string[] parts = name.Split('/');
        PolicyEntry? entry = Entries.FirstOrDefault(e => e.Name == parts[0]);
        foreach (string modifier in parts.Skip(1))
        {
            if (entry is null) return null;
            Action<RouterOptions, int> configure = entry.Configure;
            if (modifier == Pooled)
            {
                entry = entry with { Configure = (options, horizon) => { configure(options, horizon); options.Pooling = true; } };
            }
            else if (modifier.StartsWith(Floor, StringComparison.Ordinal))
            {
                string text = modifier[Floor.Length..];
                if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) || !(share >= 0 && share <= 1))
                    throw new UsageException($"policy '{name}': the floor is '{text}'; the allowed range is [0, 1].");
                entry = entry with { Configure = (options, horizon) => { configure(options, horizon); Explore(options, share); } };
            }
            else
            {
                throw new UsageException($"policy '{name}': there is no modifier '{modifier}'; there are {Pooled} and {Floor}SHARE.");
            }
        }

        return entry is null ? null : entry with { Name = name };
    }

    private static UsageException Unknown(string name) =>
        new($"there is no policy '{name}'; the policies are {All}, {string.Join(", ", Entries.Select(static e => e.Name))}.");

    private static PolicyEntry Of(string name, string about, IRoutingPolicy policy) => new(name, about, (options, _) => options.Policy = policy);

    private static void Explore(RouterOptions options, double share) =>
        (options.Strategy, options.AdaptExploration, options.ExplorationRate) = (Strategy.Learning, false, share);
}
