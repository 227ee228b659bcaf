using System.Globalization;
using Bandits.Reliability;
using Bandits.Storage;

namespace Bandits.Tests.Storage;

/// <summary>A store of a router with a budget, caps, a model of features, whole-arm drift and a latency limit; <c>store-v4</c> is what this wrote when snapshot version 4 was fixed.</summary>
internal static class GoldenSpendStore
{
    public static readonly RouterStoreOptions How = new() { QueueBytes = 1 << 19, SegmentBytes = 1 << 20, Durability = Durability.EachCommit, Incarnation = 21 };

    public static RouterOptions Options()
    {
        var options = new RouterOptions { Dimensions = ["role", "area"], LedgerCapacity = 128, ExplorationFloor = 0.3, Seed = 3 };
        foreach (string id in (string[])["small", "middle", "large"]) options.Arms.Add(new Arm { Id = id });
        options.Arms.Add(new Arm { Id = "like", SimilarTo = "middle", ExplorationUsd = 0.25 });
        Bounds.Put(options);
        options.ArmDrift = new ArmDriftDetection { OutcomesPerFalseAlarm = 100, ProbingDecisions = 1000 };
        return options;
    }

    /// <summary>Writes the store: before its snapshot an arm becomes bad and dear everywhere and another is announced to be dearer; after it all goes on as it is.</summary>
    public static void Write(string directory)
    {
        using RouterStore store = RouterStore.Open(directory, Options(), How);
        Live(store.Router, 0);
        store.Router.SetPrices("large", 30, 60);
        store.SaveSnapshot();
        int changes = store.Router.Changes.Count;
        Live(store.Router, 1);
        if (changes < 2 || store.Router.Changes.Count != changes) throw new InvalidOperationException($"{changes} changes before the snapshot, then {store.Router.Changes.Count}.");
    }

    private static void Live(BanditRouter router, int turn)
    {
        long began = SampleStates.MondayTicks + turn * TimeSpan.TicksPerDay;
        for (int i = 0; i < (turn == 0 ? 100 : 40); i++)
        {
            SegmentKey segment = router.SegmentOf("role-" + i % 2, i % 6 == 5 ? null : "area-" + i % 3);
            var request = new Request(segment) { TimeTicks = began + i * 6 * TimeSpan.TicksPerMinute, Session = (ulong)(i % 4), IsAfterFailure = i % 12 == 7, Attempt = i % 12 == 7 ? 1 : 0, ExcludedArms = i % 3 == 0 ? [] : new[] { 1, 2, 3 } };
            if (!router.TryDecide(Bounds.On(request, i), out Decision decision) || i % 8 == 6) continue; // of some nothing is ever heard
            bool isWorse = turn == 1 || i >= 50;
            bool isGood = decision.Arm != 0 ? i % 4 != 0 : !isWorse;
            double cost = (0.004 + 0.01 * decision.Arm) * (1 + i % 3 / 10.0) * (decision.Arm == 0 && isWorse ? 12 : 1);
            router.Record(decision, new Outcome
            {
                Kind = i % 9 == 8 ? OutcomeKind.Unavailable : i % 11 == 10 ? OutcomeKind.Timeout : isGood ? OutcomeKind.Success : OutcomeKind.Failed,
                CostUsd = i % 9 == 8 || i % 7 == 3 ? null : cost,
                Latency = TimeSpan.FromMilliseconds(50 + 90 * decision.Arm + i % 5),
                Attempt = decision.Attempt,
            });
            if (i % 10 == 4) router.Record(decision, new Outcome { Kind = OutcomeKind.Failed, CostUsd = 2 * cost, Revision = 1, Attempt = decision.Attempt });
        }
    }

    /// <summary>What a state says that does not depend on how prices of money are found, a line each.</summary>
    /// <param name="state">The state.</param>
    /// <param name="isWhole">False for what the journal alone brings back as well.</param>
    public static IEnumerable<string> Portrait(RouterState state, bool isWhole)
    {
        (long decisions, long nanoUsd) = Accounts.ChargedIn(state);
        yield return Line("charged", [decisions, nanoUsd]);
        yield return Line("keys of caps", state.Caps!.Keys.Order());
        foreach (long[] account in Rows(state.Caps.Accounts, 5)) yield return Line("account", account);
        foreach (long[] booking in Rows(state.Caps.Bookings, 7)) yield return Line("booking", booking);
        for (int arm = 0; arm < state.Arms.Length; arm++)
            yield return $"arm: {state.Arms[arm].Id} {state.Arms[arm].Provider} {state.Status[arm]} {state.Arms[arm].SimilarTo} {Line("", [state.Arms[arm].ExplorationUsd ?? -1, state.Arms[arm].InputUsdPerMillionTokens ?? -1])}";
        foreach (long[] slot in Rows(state.FeatureSlots, 4)) yield return Line("features of", slot);
        foreach (SegmentState segment in state.Segments.OrderBy(segment => (segment.Key, segment.IsConditional)))
        {
            string name = $"{segment.Key:x}{(segment.IsConditional ? " after a failure" : "")}";
            yield return Line($"own of {name}", segment.Own);
            yield return Line($"closed of {name}", segment.Ordered?.Closed ?? []);
            for (int list = 0; list < segment.Latencies.Length; list += 2) yield return Line($"latencies {list / 2} of {name}", segment.Latencies[list]);
            if (isWhole) yield return Line($"restated of {name}", segment.CostShifts);
        }

        if (!isWhole) yield break;
        yield return Line("watch", state.ArmWatch);
        foreach (ModelState model in state.Models.OrderBy(model => model.Key)) yield return Line($"model of {model.Key:x}", model.Numbers);
    }

    private static IEnumerable<long[]> Rows(long[] words, int length) => words.Chunk(length).OrderBy(row => row[0]).ThenBy(row => row[1]).ThenBy(row => row[2]);

    private static string Line<T>(string name, IEnumerable<T> numbers)
        where T : IFormattable => $"{name}: {string.Join(' ', numbers.Select(number => number.ToString(null, CultureInfo.InvariantCulture)))}";
}
