using Bandits.Storage;

namespace Bandits.Tests.Storage;

/// <summary>A store with an entry of every kind; <c>store-v1</c> is what this wrote when the formats were fixed.</summary>
internal static class GoldenStore
{
    public static RouterOptions Options()
    {
        RouterOptions options = SampleStates.OrderedOptions();
        (options.LedgerCapacity, options.FeatureCount) = (256, 2);
        return options;
    }

    public static readonly RouterStoreOptions How = new() { QueueBytes = 1 << 19, SegmentBytes = 1 << 20, Durability = Durability.EachCommit, Incarnation = 11 };

    /// <summary>Writes the store; before its snapshot as much as after it.</summary>
    public static RouterState Write(string directory)
    {
        using RouterStore store = RouterStore.Open(directory, Options(), How);
        Live(store.Router, 0);
        store.SaveSnapshot();
        Live(store.Router, 1);
        return store.Router.CaptureState();
    }

    private static void Live(BanditRouter router, int turn)
    {
        long ticks = SampleStates.MondayTicks + turn * TimeSpan.TicksPerHour;
        SegmentKey api = router.SegmentOf("planner", "api"), docs = router.SegmentOf("planner", "docs" + turn), none = router.SegmentOf("reviewer");
        var cell = default(Evidence);
        for (int i = 0; i <= turn; i++) cell.Add(new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.02, Latency = TimeSpan.FromSeconds(3) });
        router.Join("history", turn + 1, 0.5, [new JoinedEvidence(new[] { "planner", "api" }, "small", cell)]);
        router.SetOriginWeight("history", 0.25 + turn * 0.25);
        for (int i = 0; i < 60; i++)
        {
            var request = new Request((i % 4) switch { 0 => docs, 1 => none, _ => api }) { TimeTicks = ticks + i * TimeSpan.TicksPerSecond, Session = (ulong)(i % 3), Features = new[] { i / 8f, turn } };
            router.TryDecide(request, out Decision decision);
            var outcome = new Outcome
            {
                Kind = (OutcomeKind)(i % 7),
                Quality = i % 7 == 2 ? 0.75 : null,
                CostUsd = i % 7 == 6 ? null : 0.001 * i,
                Latency = TimeSpan.FromMilliseconds(10 * i),
                TimeToFirstToken = i % 5 == 0 ? TimeSpan.FromMilliseconds(i) : null,
                RetryAfter = i % 7 == 5 ? TimeSpan.FromSeconds(2) : null,
                TimeTicks = decision.TimeTicks + 7,
                Source = i % 6 == 0 ? "grader" : null,
                EvaluatorVersion = i % 6 == 0 ? "größer-2" : null,
                ReturnedModel = i % 9 == 0 ? "model-2026-01" : null,
            };
            if (i % 8 != 7) router.Record(decision, outcome);
            if (i % 8 == 3) router.Record(decision, new Outcome { Kind = OutcomeKind.Failed, InputTokens = 100, OutputTokens = i, Revision = 2 });
        }

        router.TryDecide(new Request(api) { IsAfterFailure = true, Attempt = 1, Root = new DecisionId(11, 3), TimeTicks = ticks + TimeSpan.TicksPerHour / 2 }, out Decision second);
        router.Record(second, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.5, Attempt = 1 });
        router.TryDecide(new Request(api) { MaxCostUsd = 0, ExcludedArms = new[] { 0, 1, 2 } }, out _);
        router.Restart(docs, "small");
        router.AddArm(new Arm { Id = "new-" + turn, Provider = "west", Capabilities = ["code"], ContextWindow = 1000 });
        if (turn == 0) router.DisableArm("old");
        router.Expire(ticks, TimeSpan.Zero);
        router.Expire(ticks + 1, TimeSpan.Zero);
    }
}
