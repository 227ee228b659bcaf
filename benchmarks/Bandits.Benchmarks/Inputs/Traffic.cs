namespace Bandits.Benchmarks.Inputs;

/// <summary>A router with four arms that has learnt over 256 segments, and an order in which the segments are asked for.</summary>
internal sealed class Traffic
{
    public const int Arms = 4;

    public const int Segments = 256;

    /// <summary>Requests before the order repeats.</summary>
    public const int Draws = 16384;

    /// <summary>Outcomes recorded for each segment before anything is measured.</summary>
    private const int OutcomesPerSegment = 64;

    /// <summary>Distinct outcomes of an arm; what is recorded cycles through them.</summary>
    private const int OutcomesPerArm = 256;

    /// <summary>Success rate and cost of a task by arm, where the arms differ.</summary>
    private static readonly (double SuccessRate, double CostUsd)[] s_arms = [(0.70, 0.004), (0.82, 0.03), (0.86, 0.045), (0.93, 0.15)];

    /// <summary>Success rate and cost of a task, where they do not.</summary>
    private static readonly (double SuccessRate, double CostUsd) s_alike = (0.8, 0.1);

    private readonly SegmentKey[] _segments = new SegmentKey[Segments];

    /// <param name="strategy">How the router chooses.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="isTie">Whether the arms are equally good and cost the same, so that no evidence can ever tell them apart.</param>
    /// <param name="open">Makes the router; null for one of its own.</param>
    public Traffic(Strategy strategy, int seed, bool isTie = false, Func<RouterOptions, BanditRouter>? open = null)
    {
        var options = new RouterOptions { Strategy = strategy, Budget = strategy == Strategy.Budgeted ? new Budget { UsdPerDecision = 0.01 } : null, Seed = (ulong)seed };
        foreach (Arm arm in FourArms()) options.Arms.Add(arm);
        Router = open is null ? new BanditRouter(options) : open(options);
        string[] roles = ["planner", "plan_reviewer", "implementer", "code_reviewer"], areas = ["core", "api", "tests", "docs"];
        string[] risks = ["low", "medium", "high", "critical"], complexities = ["trivial", "small", "medium", "large"];
        for (int s = 0; s < Segments; s++)
            _segments[s] = Router.SegmentOf(roles[s & 3], areas[(s >> 2) & 3], risks[(s >> 4) & 3], complexities[s >> 6]);

        var random = new Random(seed);
        for (int i = 0; i < Draws; i++)
        {
            Numbers[i] = random.Next(Segments);
            Order[i] = _segments[Numbers[i]];
        }

        for (int i = 0; i < Outcomes.Length; i++)
        {
            (double successRate, double costUsd) = isTie ? s_alike : s_arms[i / OutcomesPerArm];
            Outcomes[i] = new Outcome
            {
                Kind = random.NextDouble() < successRate ? OutcomeKind.Success : OutcomeKind.Failed,
                CostUsd = costUsd * (0.5 + random.NextDouble()),
                Latency = TimeSpan.FromMilliseconds(random.Next(500, 60_000)),
            };
        }

        for (int i = 0; i < Segments * OutcomesPerSegment; i++)
        {
            Router.TryDecide(new Request(_segments[i % Segments]), out Decision decision);
            Router.Record(decision, OutcomeOf(decision.Arm, random.Next(OutcomesPerArm)));
        }
    }

    public BanditRouter Router { get; }

    public ReadOnlySpan<SegmentKey> AllSegments => _segments;

    /// <summary>Segments in random order.</summary>
    public SegmentKey[] Order { get; } = new SegmentKey[Draws];

    /// <summary>The same order as numbers below <see cref="Segments"/>.</summary>
    public int[] Numbers { get; } = new int[Draws];

    /// <summary>The outcomes of the first arm, then those of the second, and so on.</summary>
    public Outcome[] Outcomes { get; } = new Outcome[Arms * OutcomesPerArm];

    /// <summary>The outcome of an arm's n-th task.</summary>
    public ref readonly Outcome OutcomeOf(int arm, int n) => ref Outcomes[arm * OutcomesPerArm + (n & (OutcomesPerArm - 1))];

    private static Arm[] FourArms() =>
    [
        ArmOf("fast", "alpha", ArmTier.Fast, 0.15, 0.6),
        ArmOf("steady", "alpha", ArmTier.Standard, 1, 4),
        ArmOf("sturdy", "beta", ArmTier.Standard, 1.5, 6),
        ArmOf("strong", "gamma", ArmTier.Advanced, 5, 25),
    ];

    private static Arm ArmOf(string id, string provider, ArmTier tier, double inputPrice, double outputPrice) => new()
    {
        Id = id,
        Provider = provider,
        Tier = tier,
        Capabilities = ["code", "planning", "review"],
        InputUsdPerMillionTokens = inputPrice,
        OutputUsdPerMillionTokens = outputPrice,
        ContextWindow = 200_000,
    };
}
