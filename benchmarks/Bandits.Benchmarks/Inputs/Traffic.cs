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

    /// <summary>Distinct outcomes; what is recorded cycles through them.</summary>
    private const int OutcomeKinds = 1024;

    private readonly SegmentKey[] _segments = new SegmentKey[Segments];

    public Traffic(Strategy strategy, int seed)
    {
        var options = new RouterOptions { Strategy = strategy, Seed = (ulong)seed };
        foreach (Arm arm in FourArms()) options.Arms.Add(arm);
        Router = new BanditRouter(options);
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

        for (int i = 0; i < OutcomeKinds; i++)
        {
            Outcomes[i] = new Outcome
            {
                Kind = random.NextDouble() < 0.8 ? OutcomeKind.Success : OutcomeKind.Failed,
                CostUsd = 0.01 + 0.2 * random.NextDouble(),
                Latency = TimeSpan.FromMilliseconds(random.Next(500, 60_000)),
            };
        }

        for (int i = 0; i < Segments * OutcomesPerSegment; i++)
        {
            Router.TryDecide(new Request(_segments[i % Segments]), out Decision decision);
            Router.Record(decision, Outcomes[random.Next(OutcomeKinds)]);
        }
    }

    public BanditRouter Router { get; }

    public ReadOnlySpan<SegmentKey> AllSegments => _segments;

    /// <summary>Segments in random order.</summary>
    public SegmentKey[] Order { get; } = new SegmentKey[Draws];

    /// <summary>The same order as numbers below <see cref="Segments"/>.</summary>
    public int[] Numbers { get; } = new int[Draws];

    public Outcome[] Outcomes { get; } = new Outcome[OutcomeKinds];

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
