using Bandits.Storage;

namespace Bandits.Tests.Storage;

/// <summary>Routers with something of everything that a snapshot can hold.</summary>
internal static class SampleStates
{
    public const long MondayTicks = 639_039_456_000_000_000;

    public static RouterOptions Options(ulong incarnation = 7)
    {
        var options = new RouterOptions { Dimensions = ["role", "area"], Incarnation = incarnation, Seed = 42, LedgerCapacity = 64, ReferenceCostUsd = 0.1 };
        options.Arms.Add(new Arm
        {
            Id = "small",
            Provider = "north",
            Tier = ArmTier.Fast,
            Capabilities = ["code"],
            InputUsdPerMillionTokens = 0.1,
            OutputUsdPerMillionTokens = 0.4,
            ContextWindow = 32_000
        });
        options.Arms.Add(new Arm
        {
            Id = "größer",
            Provider = "south",
            Tier = ArmTier.Advanced,
            Capabilities = ["code", "review"],
            PriorQuality = 0.6,
            PriorSamples = 3
        });
        options.Arms.Add(new Arm { Id = "old", Provider = "north" });
        return options;
    }

    /// <summary>Decisions in several segments with outcomes of every kind, a correction, joined evidence, an absent value and a disabled arm.</summary>
    public static BanditRouter Router()
    {
        var router = new BanditRouter(Options());
        router.DisableArm("old");
        var cell = new Evidence();
        cell.Add(new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.02, Latency = TimeSpan.FromSeconds(3) });
        cell.Add(new Outcome { Kind = OutcomeKind.Failed, CostUsd = 0.01 });
        router.Join("history", 2, 0.5, [new JoinedEvidence(new[] { "planner", "api" }, "small", cell)]);
        string?[] areas = ["api", "core", null];
        for (int i = 0; i < 40; i++)
        {
            router.TryDecide(new Request(router.SegmentOf("planner", areas[i % 3])) { TimeTicks = MondayTicks + i * TimeSpan.TicksPerSecond },
                out Decision decision);
            if (i % 5 == 4) continue;
            router.Record(decision, new Outcome
            {
                Kind = (OutcomeKind)(i % 7),
                CostUsd = i % 7 == 6 ? null : 0.001 * i,
                Latency = TimeSpan.FromMilliseconds(10 * i),
                TimeTicks = decision.TimeTicks,
            });
            if (i == 7) router.Record(decision, new Outcome { Kind = OutcomeKind.Failed, Revision = 1 });
        }

        return router;
    }

    /// <summary>What version 2 brought: fading memory, an epoch that a change closed, decisions pending, sessions, a safety gate's account.</summary>
    public static RouterOptions OrderedOptions(ulong incarnation = 7)
    {
        RouterOptions options = Options(incarnation);
        (options.Forgetting, options.Drift) = (Forgetting.Discount(0.99), new DriftDetection { Maturity = 4 });
        (options.Policy, options.SessionCapacity) = (new Bandits.Policies.TsallisInfPolicy(), 16);
        options.SafetyGate = new SafetyGate { BaselineArmId = "small", Fraction = 0.5 };
        return options;
    }

    public static BanditRouter OrderedRouter()
    {
        var router = new BanditRouter(OrderedOptions());
        SegmentKey segment = router.SegmentOf("planner", "api");
        for (int i = 0; i < 90; i++)
        {
            router.TryDecide(new Request(segment) { Session = (ulong)(i % 5), ExcludedArms = new[] { 1, 2 } }, out Decision decision);
            if (i % 10 != 9) router.Record(decision, new Outcome { Kind = i < 60 ? OutcomeKind.Success : OutcomeKind.Failed, CostUsd = 0.01 });
        }

        return router;
    }

    public static byte[] Bytes() => RouterSnapshot.ToBytes(Router().CaptureState());
}
