using Bandits.Numerics;

namespace Bandits.Tests.Support;

/// <summary>Routers and evidence that many tests start from.</summary>
internal static class Given
{
    /// <summary>A plausible moment, odd to the last tick so that rounding shows.</summary>
    public const long Ticks = 638_912_345_678_901_233;

    /// <summary>Four arms of three providers; the cheapest is not the best, one price is unknown.</summary>
    public static Arm[] Arms =>
    [
        new() { Id = "fast", Provider = "north", Tier = ArmTier.Fast, Capabilities = ["code", "docs"], InputUsdPerMillionTokens = 0.25, OutputUsdPerMillionTokens = 2, ContextWindow = 32_000 },
        new() { Id = "standard", Provider = "north", Capabilities = ["code", "planning", "review"], InputUsdPerMillionTokens = 3, OutputUsdPerMillionTokens = 15, ContextWindow = 200_000 },
        new() { Id = "advanced", Provider = "south", Tier = ArmTier.Advanced, Capabilities = ["code", "planning", "review", "complex_reasoning"], InputUsdPerMillionTokens = 15, OutputUsdPerMillionTokens = 75, ContextWindow = 200_000 },
        new() { Id = "local", Provider = "here", Capabilities = ["code"] },
    ];

    public static RouterOptions Options(Action<RouterOptions>? configure = null, params Arm[] arms)
    {
        var options = new RouterOptions { LedgerCapacity = 4096, Seed = 7 };
        foreach (Arm arm in arms.Length > 0 ? arms : Arms) options.Arms.Add(arm);
        configure?.Invoke(options);
        return options;
    }

    public static BanditRouter Router(Action<RouterOptions>? configure = null, params Arm[] arms) => new(Options(configure, arms));

    /// <summary>Arms that differ in nothing but their id.</summary>
    public static Arm[] Twins(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Arm { Id = $"arm-{i}", InputUsdPerMillionTokens = 1, OutputUsdPerMillionTokens = 1 })];

    /// <summary>Evidence of so many successes and failures, with a cost each if given.</summary>
    public static Evidence Evidence(int successes, int failures, double? costUsd = null)
    {
        Evidence evidence = default;
        for (int i = 0; i < successes; i++) evidence.Add(new Outcome { Kind = OutcomeKind.Success, CostUsd = costUsd });
        for (int i = 0; i < failures; i++) evidence.Add(new Outcome { Kind = OutcomeKind.Failed, CostUsd = costUsd });
        return evidence;
    }

    public static long[] Words(in Evidence evidence)
    {
        var words = new long[Bandits.Evidence.WordCount];
        evidence.CopyTo(words);
        return words;
    }

    /// <summary>Decides with every other arm excluded.</summary>
    public static Decision Force(this BanditRouter router, SegmentKey segment, int arm, long timeTicks = 0)
    {
        var others = Enumerable.Range(0, router.ArmCount).Where(other => other != arm).ToArray();
        Assert.True(router.TryDecide(new Request(segment) { ExcludedArms = others, TimeTicks = timeTicks }, out Decision decision));
        Assert.Equal(arm, decision.Arm);
        return decision;
    }

    /// <summary>Makes the router's own evidence: decides for one arm and records.</summary>
    public static void Feed(this BanditRouter router, SegmentKey segment, int arm, Outcome outcome, int times = 1)
    {
        for (int i = 0; i < times; i++) router.Record(router.Force(segment, arm), outcome);
    }

    public static void Feed(this BanditRouter router, SegmentKey segment, int arm, int successes, int failures)
    {
        router.Feed(segment, arm, new Outcome { Kind = OutcomeKind.Success }, successes);
        router.Feed(segment, arm, new Outcome { Kind = OutcomeKind.Failed }, failures);
    }

    public static RandomStream Random(ulong seed) => new(seed);
}
