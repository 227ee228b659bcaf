using System.Globalization;
using Bandits.Policies;

namespace Bandits.Regret.Policies;

/// <summary>The policies by name.</summary>
/// <remarks>
/// A name may carry modifiers: <c>NAME/pooled</c> lets segments borrow from each other, <c>NAME/floor=SHARE</c> spreads that share of decisions evenly over
/// all arms.
/// </remarks>
internal static class PolicyBook
{
    /// <summary>The word for every policy.</summary>
    public const string All = "all";

    /// <summary>Phases that EXP3.S and the restarts are tuned to: those of environment (iv).</summary>
    private const int Phases = 5;

    /// <summary>The share of forced exploration of the restarts is this times sqrt(S ln T / T), S phases; as in the reference figures.</summary>
    private const double ForcedExploration = 0.1;

    /// <summary>Outcomes of each arm before explore-then-commit commits.</summary>
    private const int CommitOutcomes = 100;

    /// <summary>Most arms of a policy whose decision takes K squared integrals.</summary>
    private const int FewArms = InformationDirectedPolicy.MostArms;

    private const string Pooled = "pooled";
    private const string Floor = "floor=";

    public static IReadOnlyList<PolicyEntry> Entries { get; } =
    [
        // What there is to compare with.
        Of("uniform", "every arm equally often", UniformPolicy.Instance) with { IsQuick = true },
        Of("greedy", "highest mean, never explores", GreedyRule.Policy),
        Of("epsilon-greedy", "greedy, a tenth of the decisions spread evenly", EpsilonGreedyPolicy.Policy) with { IsQuick = true },
        Of("decaying-epsilon-greedy", "epsilon falls as 1/t, set for gaps of 0.3", DecayingEpsilonGreedyPolicy.Policy),
        Of("explore-then-commit", "each arm 100 times, then the best for good", new ExploreThenCommitPolicy(CommitOutcomes)),
        new("learning", "greedy, adaptive exploration share", static (options, _) => options.Strategy = Strategy.Learning) { IsQuick = true },

        new("adaptive", "kl-moss over beliefs matched to the variance of outcomes", static (options, _) => options.Strategy = Strategy.Adaptive) { IsQuick = true },
        new("adaptive-drift", "adaptive over outcomes that fade slowly, with restarts", static (options, _) => options.Strategy = Strategy.AdaptiveDrift) { IsQuick = true },

        // Upper bounds.
        Of("ucb1", "mean + sqrt(2 ln t / n)", Ucb1Rule.Policy) with { IsQuick = true },
        Of("ucb-v", "the bound of Bernstein, with the sample variance", UcbVRule.Policy),
        Of("moss", "mean + sqrt(max(0, ln(t / (K n))) / n)", MossRule.Policy) with { IsQuick = true },
        Of("kl-ucb", "n kl(mean, q) <= ln t", KlUcbRule.Policy) with { IsQuick = true },
        Of("kl-ucb+", "n kl(mean, q) <= ln(t / n)", KlUcbPlusRule.Policy),
        Of("kl-ucb++", "minimax and asymptotically optimal at once", KlUcbPlusPlusRule.Policy),
        Of("kl-ucb-switch", "kl-ucb for arms played little, moss for the others", KlUcbSwitchRule.Policy),
        Of("kl-moss", "n kl(mean, q) <= ln(1 + t / (K n)) over K arms, which join as 3 sqrt(t)", KlMossRule.Policy),
        Of("imed", "least n kl(mean, best) + ln n", ImedRule.Policy) with { IsQuick = true },
        Of("bayes-ucb", "posterior quantile 1 - 1/t", BayesUcbRule.Policy) with { IsQuick = true },
        Of("lin-ucb", "mean plus one deviation of belief", LinUcbRule.Policy),

        // Samples.
        Of("thompson", "a draw of the Beta posterior", ThompsonPolicy.Instance) with { IsQuick = true },
        Of("optimistic-thompson", "a draw, at least the mean", OptimisticThompsonPolicy.Instance),
        Of("gaussian-thompson", "a normal draw of fixed variance over n", GaussianThompsonPolicy.Instance),
        new(
            "student-thompson", "thompson over normal-inverse-gamma beliefs, for grades",
            static (options, _) => (options.Policy, options.Law) = (ThompsonPolicy.Instance, BeliefLaw.Student)),
        Of("maillard", "Maillard sampling by relative entropy", MaillardPolicy.Kl),
        Of("boltzmann-gumbel", "mean + Gumbel noise over sqrt(n)", BoltzmannGumbelPolicy.Instance),
        Of("squarecb", "inverse gaps of the means, gamma = 10 sqrt(t)", new SquareCbPolicy()),
        Of("falcon", "inverse gaps of the means, gamma by doubling epochs", new FalconPolicy()),
        Of("ids", "information-directed sampling", InformationDirectedPolicy.Instance) with { IsSlow = true, MostArms = FewArms },

        // Against an adversary.
        Of("exp3-ix", "exponential weights with implicit exploration, anytime", new Exp3IxPolicy()),
        Of("tsallis-inf", "importance-weighted", new TsallisInfPolicy()) with { IsQuick = true },

        // To identify the best arm, not to keep regret small.
        Of("top-two-thompson", "half of the draws to the challenger", TopTwoThompsonPolicy.Instance),
        Of("track-and-stop", "plays by the optimal proportions", TrackAndStopRule.Policy) with { IsSlow = true },
        Of("eb-tc", "empirical best and its transportation challenger", EbTcPolicy.Policy),

        // For arms that change.
        Forgetful("discounted-ucb", "kl-ucb, past discounted by 0.998", KlUcbRule.Policy, Forgetting.Discount(0.998)),
        Forgetful("sliding-window-ucb", "kl-ucb, last 400 outcomes", KlUcbRule.Policy, Forgetting.Window(400)),
        Forgetful("discounted-thompson", "thompson, past discounted by 0.998", ThompsonPolicy.Instance, Forgetting.Discount(0.998)),
        Forgetful("discounted-thompson-0.995", "thompson, past discounted by 0.995", ThompsonPolicy.Instance, Forgetting.Discount(0.995)),
        Forgetful("sliding-window-thompson", "thompson, last 400 outcomes", ThompsonPolicy.Instance, Forgetting.Window(400)),
        Forgetful("sliding-window-thompson-303", "thompson, last 303 outcomes", ThompsonPolicy.Instance, Forgetting.Window(303)),
        Restarting("glr-kl-ucb", "kl-ucb, GLR restarts one arm", KlUcbRule.Policy, ChangeDetector.Glr, RestartScope.Arm),
        Restarting("glr-kl-ucb-global", "kl-ucb, GLR restarts all arms", KlUcbRule.Policy, ChangeDetector.Glr, RestartScope.Segment),
        Restarting("glr-thompson", "thompson, GLR restarts one arm", ThompsonPolicy.Instance, ChangeDetector.Glr, RestartScope.Arm) with { IsQuick = true },
        Restarting("glr-thompson-global", "thompson, GLR restarts all arms", ThompsonPolicy.Instance, ChangeDetector.Glr, RestartScope.Segment),
        Restarting("cusum-ucb", "kl-ucb, CUSUM restarts one arm", KlUcbRule.Policy, ChangeDetector.Cusum, RestartScope.Arm),
        Restarting("cusum-thompson", "thompson, CUSUM restarts one arm", ThompsonPolicy.Instance, ChangeDetector.Cusum, RestartScope.Arm),

        // Told what no policy can know.
        Of("oracle-restart-kl-ucb", "kl-ucb, told the true breaks", KlUcbRule.Policy) with { RestartsAtBreaks = true, IsYardstick = true },
        Of("oracle-restart-thompson", "thompson, told the true breaks", ThompsonPolicy.Instance) with { RestartsAtBreaks = true, IsYardstick = true },
        new(
            "exp3.s", "exponential weights tuned to the horizon and five phases; not part of the library",
            static (options, horizon) => options.Policy = new Exp3S(options.Arms.Count, horizon, Phases)) { IsYardstick = true },
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

    private static PolicyEntry Forgetful(string name, string about, IRoutingPolicy policy, Forgetting forgetting) =>
        new(name, about, (options, _) => (options.Policy, options.Forgetting) = (policy, forgetting));

    /// <summary>
    /// Restarts as in Besson, Kaufmann, Maillard and Seznec (2022), Efficient change-point detection for tackling piecewise-stationary bandits, JMLR 23(77):
    /// the false alarm is 1 / sqrt(S T).
    /// </summary>
    private static PolicyEntry Restarting(string name, string about, IRoutingPolicy policy, ChangeDetector detector, RestartScope scope) =>
        new(name, about, (options, horizon) =>
        {
            options.Policy = policy;
            double falseAlarm = Math.Min(0.5, 1 / Math.Sqrt((double)Phases * horizon));
            options.Drift = new DriftDetection { Detector = detector, Scope = scope, Spends = false, FalseAlarm = falseAlarm };
            Explore(options, Math.Min(1, ForcedExploration * Math.Sqrt(Phases * Math.Log(horizon) / horizon)));
        });

    private static void Explore(RouterOptions options, double share) => options.ExplorationFloor = share / Math.Max(1, options.Arms.Count);
}
