using Bandits.Contextual;
using Bandits.Numerics;
using Bandits.Reliability.Disk;
using Bandits.Storage;
using Bandits.Tests.Support;

namespace Bandits.Tests.Storage;

/// <summary>Arms that change everywhere, and prices that change, come back from a journal as they were: what is believed, what is probed, what models know.</summary>
public sealed class ChangedArmStoreTests : IDisposable
{
    private static readonly string[] Areas = ["a", "b", "c"];

    private readonly FaultyDisk _disk = new();
    private RouterStore? _store;

    public void Dispose() => _store?.Dispose();

    private static RouterOptions Options(double price = 5)
    {
        var options = new RouterOptions { Dimensions = ["area"], Strategy = Strategy.Budgeted, Budget = new Budget { UsdPerDecision = 0.02 }, TypicalInputTokens = 1000, TypicalOutputTokens = 0, FeatureCount = 1, Model = new LinearModel(1, 10) };
        options.Arms.Add(new Arm { Id = "old", InputUsdPerMillionTokens = 1, OutputUsdPerMillionTokens = 0 });
        options.Arms.Add(new Arm { Id = "good", InputUsdPerMillionTokens = price, OutputUsdPerMillionTokens = 0 });
        return options;
    }

    private BanditRouter Open(double price = 5)
    {
        _store = RouterStore.Open("/store", Options(price), new RouterStoreOptions { QueueBytes = 1 << 18, SegmentBytes = 1 << 20, SnapshotBytes = 0 }, TimeProvider.System, _disk.Mount());
        return _store.Router;
    }

    private static void Play(BanditRouter router, int decisions, double good, double goodUsd, ref RandomStream random)
    {
        for (int i = 0; i < decisions; i++)
        {
            float feature = (float)random.NextUnit();
            Assert.True(router.TryDecide(new Request(router.SegmentOf(Areas[random.NextBelow(3)])) { Features = new[] { feature } }, out Decision decision));
            double quality = Math.Clamp((decision.Arm == 0 ? 0.6 : good) + 0.1 * (feature - 0.5), 0, 1), paid = (decision.Arm == 0 ? 0.001 : goodUsd) * (0.8 + 0.4 * feature);
            router.Record(decision, new Outcome { Kind = OutcomeKind.Partial, Quality = quality, CostUsd = paid });
        }
    }

    /// <summary>The journal alone, and with a snapshot taken at some point of the story.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_was_found_is_known_after_a_restart(int snapshotAfter)
    {
        var random = new RandomStream(11);
        BanditRouter router = Open();
        Story(1, (ref random) => Play(router, 500, 0.9, 0.005, ref random));
        Story(2, (ref random) => Play(router, 100, 0.9, 0.015, ref random)); // dearer: restated
        Story(3, (ref random) => Play(router, 150, 0.3, 0.015, ref random)); // worse: restarted, and probed
        router.SetPrices("good", 4, 0);
        Assert.Equal(
            [OutcomeComponents.Cost, OutcomeComponents.Quality], router.Changes.Where(change => !change.IsAnnounced).Select(change => change.Component).Distinct());
        Assert.True(router.Changes[^1].IsAnnounced);
        RouterState before = router.CaptureState();
        ArmChange[] found = [.. router.Changes];
        BanditRouter reopened = Reopen(4);
        States.AssertSame(before, reopened.CaptureState(), comparesPositions: false);
        if (snapshotAfter == 0) Assert.Equal(found, reopened.Changes);

        void Story(int chapter, Chapter play)
        {
            play(ref random);
            if (snapshotAfter == chapter) _store!.SaveSnapshot();
        }
    }

    /// <summary>Prices that are others in the options of the next opening are announced by that, once.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Prices_that_changed_while_nothing_ran_act_at_the_opening(bool hasSnapshot)
    {
        var random = new RandomStream(12);
        BanditRouter router = Open();
        Play(router, 400, 0.9, 0.005, ref random);
        if (hasSnapshot) _store!.SaveSnapshot();
        double before = CostOf(router);
        for (int opening = 0; opening < 3; opening++) // the second time it stands in the journal
            Assert.Equal(0.1, CostOf(Reopen(0.5)) / before, 1e-3);
        RouterState state = _store!.Router.CaptureState();
        Assert.Equal(1, CostOf(BanditRouter.Restore(Options(), state, out _)) / before, 1e-2);

        static double CostOf(BanditRouter router) => router.Explain(new Request(router.SegmentOf("b"))).Arms[1].CostUsd;
    }

    /// <summary>What was decided before there was a budget, or under another one, is not owed to the one that is there now.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_journal_is_charged_to_the_budget_of_its_time(bool hadBudget, bool hasSnapshot)
    {
        var before = new RouterOptions { Dimensions = ["area"], Strategy = Strategy.Performance, Budget = hadBudget ? new Budget { UsdPerDecision = 1 } : null };
        RouterOptions after = Options();
        foreach (Arm arm in after.Arms) before.Arms.Add(arm);
        (after.FeatureCount, after.Model, after.Budget) = (0, null, new Budget { UsdPerDecision = 0.002 });
        var how = new RouterStoreOptions { QueueBytes = 1 << 18, SegmentBytes = 1 << 20, SnapshotBytes = 0 };
        using (RouterStore store = RouterStore.Open("/store", before, how, TimeProvider.System, _disk.Mount()))
        {
            for (int i = 0; i < 300; i++)
            {
                if (hasSnapshot && i == 100) store.SaveSnapshot();
                Assert.True(store.Router.TryDecide(new Request(store.Router.SegmentOf("a")), out Decision decision));
                store.Router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.5 });
            }
        }

        _store = RouterStore.Open("/store", after, how, TimeProvider.System, _disk.Mount());
        Assert.Empty(_store.Recovery.Faults);
        Assert.True(_store.Router.TryDecide(new Request(_store.Router.SegmentOf("a")), out _));
        Assert.Equal(0, _store.Router.Spending.CreditUsd, 1e-2);
    }

    private BanditRouter Reopen(double price)
    {
        _store!.Flush();
        _disk.Crash(null);
        _store.Dispose();
        BanditRouter reopened = Open(price);
        Assert.Empty(_store.Recovery.Faults);
        return reopened;
    }

    private delegate void Chapter(ref RandomStream random);
}
