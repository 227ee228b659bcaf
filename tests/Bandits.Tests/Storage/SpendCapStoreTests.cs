using Bandits.Reliability.Disk;
using Bandits.Storage;
using Bandits.Tests.Support;

namespace Bandits.Tests.Storage;

/// <summary>What was spent outlives the process: by snapshots, by the journal, and by both while others decide.</summary>
public sealed class SpendCapStoreTests : IDisposable
{
    private const long Noon = SampleStates.MondayTicks / TimeSpan.TicksPerDay * TimeSpan.TicksPerDay + 12 * TimeSpan.TicksPerHour;

    private static readonly SpendCap[] Caps =
        [new() { Name = "hourly", Usd = 5 }, new() { Name = "tenant", Usd = 2, PerTenant = true, Window = SpendWindow.Day }, new() { Name = "north", Usd = 3, Provider = "north" }];

    private readonly FaultyDisk _disk = new();
    private RouterStore? _store;

    public void Dispose()
    {
        _disk.Crash(null);
        _store?.Dispose();
    }

    private BanditRouter Open(params SpendCap[] caps)
    {
        var how = new RouterStoreOptions { QueueBytes = 1 << 20, SegmentBytes = 1 << 23, RetryPause = TimeSpan.FromMilliseconds(1) };
        _store = RouterStore.Open("/store", Options(caps), how, TimeProvider.System, _disk.Mount());
        return _store.Router;
    }

    private static RouterOptions Options(params SpendCap[] caps) => Given.Options(o => (o.SpendCaps, o.ExplorationFloor) = (caps, 1));

    private BanditRouter Reopen(params SpendCap[] caps)
    {
        _store!.Flush();
        _disk.Crash(null);
        _store.Dispose();
        return Open(caps);
    }

    private static IEnumerable<CapAccount> Accounts(BanditRouter router) => router.ReadCaps().Accounts;

    /// <summary>Decides, and tells the outcome of most: settled, released, corrected, or never heard of.</summary>
    private static void Live(BanditRouter router, int decisions, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < decisions; i++)
        {
            var request = new Request(router.SegmentOf("planner"))
            {
                TimeTicks = Noon + random.Next(3) * TimeSpan.TicksPerHour,
                ReserveUsd = random.Next(4) == 0 ? null : random.NextDouble() / 50,
                Tenant = (ulong)random.Next(4),
                Session = (ulong)random.Next(3),
            };
            if (!router.TryDecide(request, out Decision decision)) continue;
            int fate = random.Next(5);
            if (fate == 0) continue;
            router.Record(decision, fate == 1 ? new Outcome { Kind = OutcomeKind.Unavailable } : new Outcome { Kind = OutcomeKind.Failed, CostUsd = fate == 2 ? null : random.NextDouble() / 40 });
            if (fate == 4) router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.001, Revision = 1 });
        }
    }

    [Fact]
    public void What_is_reserved_counts_after_a_restart_and_settles_there()
    {
        BanditRouter router = new(Options(new SpendCap { Name = "hourly", Usd = 1 }));
        router.TryDecide(new Request { TimeTicks = Noon, ReserveUsd = 1 }, out Decision decision);
        RouterState state = RouterSnapshot.FromBytes(RouterSnapshot.ToBytes(router.CaptureState()));
        RouterOptions options = Options(new SpendCap { Name = "hourly", Usd = 1 });
        options.Incarnation = 2;
        BanditRouter next = BanditRouter.Restore(options, state, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        Assert.False(next.TryDecide(new Request { TimeTicks = Noon, ReserveUsd = 0.1 }, out _));
        Assert.Equal(Recorded.Applied, next.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.5 }));
        Assert.Equal(new CapAccount("hourly", 0, Noon, 0.5, 0, 1), Assert.Single(Accounts(next)));
        Assert.True(next.TryDecide(new Request { TimeTicks = Noon, ReserveUsd = 0.5 }, out _));
    }

    /// <summary>A request of which a cap left out an arm says nothing of what that arm would have been worth: the spend controller takes it as one more of its segment, also when the journal is read again.</summary>
    [Fact]
    public void What_a_budget_has_seen_under_caps_comes_back()
    {
        RouterOptions options = Given.Options(o => (o.Strategy, o.Budget, o.SpendCaps) = (Strategy.Budgeted, new Budget { UsdPerDecision = 0.006 }, [new SpendCap { Name = "north", Usd = 0.5, Provider = "north" }]));
        var how = new RouterStoreOptions { QueueBytes = 1 << 20, SegmentBytes = 1 << 23, Durability = Durability.None };
        using RouterStore store = RouterStore.Open("/budgeted", options, how, TimeProvider.System, _disk.Mount());
        BanditRouter router = store.Router;
        var random = Given.Random(8);
        int left = 0;
        for (int i = 0; i < 400; i++)
        {
            var request = new Request(router.SegmentOf("role-" + i % 3)) { TimeTicks = Noon + i / 200 * TimeSpan.TicksPerHour };
            if (router.Explain(request).Arms.Any(arm => arm.WhyNot == Ineligibility.OverCap)) left++;
            Assert.True(router.TryDecide(request, out Decision decision));
            router.Record(decision, new Outcome { Kind = OutcomeKind.Partial, Quality = random.NextUnit() * 0.5 + 0.1 * decision.Arm, CostUsd = 0.003 * Math.Pow(3, decision.Arm) });
        }

        Assert.InRange(left, 20, 380);
        store.Flush();
        using RouterStore recovered = RouterStore.Open("/budgeted", options, how, TimeProvider.System, _disk.Copy().Mount());
        Assert.True(recovered.Recovery.IsClean, string.Join("\n", recovered.Recovery.Faults));
        States.AssertSame(router.CaptureState(), recovered.Router.CaptureState());
    }

    [Fact]
    public void A_restored_router_goes_on_exactly_as_the_first_would_have()
    {
        BanditRouter router = new(Options(Caps));
        Live(router, 500, 1);
        BanditRouter copy = BanditRouter.Restore(Options(Caps), RouterSnapshot.FromBytes(RouterSnapshot.ToBytes(router.CaptureState())), out _);
        for (int i = 0; i < 1000; i++)
        {
            Request request = new(router.SegmentOf("planner")) { Id = new DecisionId(9, (ulong)(i + 1000)), TimeTicks = Noon + i / 300 * TimeSpan.TicksPerHour, Tenant = (ulong)(i % 5), ReserveUsd = 0.01 };
            Assert.Equal(router.TryDecide(request, out Decision decision), copy.TryDecide(request, out Decision same));
            Assert.Equal(decision, same);
            if (decision.Arm < 0) continue;
            foreach (BanditRouter one in (BanditRouter[])[router, copy]) one.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.001 * (i % 7) });
        }

        Assert.Equal(Accounts(router), Accounts(copy));
        Assert.Equal(StateText.Of(router).Length, StateText.Of(copy).Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_journal_brings_the_accounts_back(bool isSavedMidway)
    {
        BanditRouter router = Open(Caps);
        Live(router, 400, 1);
        if (isSavedMidway) _store!.SaveSnapshot();
        router.Reconfigure(Options([.. Caps, new SpendCap { Name = "late", Usd = 4 }]));
        Live(router, 400, 2);
        CapAccount[] before = [.. Accounts(router)];
        Assert.Contains(before, account => account is { Cap: "late", SpentUsd: > 0.1, ReservedUsd: > 0.01 });
        Assert.Equal(before, Accounts(Reopen([.. Caps, new SpendCap { Name = "late", Usd = 4 }])));
    }

    /// <summary>A store says its caps in words, and words may hold what separates them.</summary>
    [Fact]
    public void Caps_of_any_name_are_read_back_from_the_settings()
    {
        SpendCap[] caps =
        [
            new SpendCap { Name = "a; b: 1 USD per Hour", Usd = 2.5, Window = SpendWindow.Day },
            new SpendCap { Name = @"back\slash\; \\", Usd = 1e-3, PerTenant = true },
            new SpendCap { Name = "x: 1 USD per Hour, provider y", Usd = 3, Provider = "p; q: 5 USD per Day" },
            new SpendCap { Name = "line\nend, each tenant", Usd = 4, Provider = "z\\" },
        ];
        string folder = Directory.CreateTempSubdirectory("bandits-caps-").FullName;
        try
        {
            using (RouterStore.Open(folder, Options(caps)))
            {
                // Opening writes the settings down.
            }

            Assert.Equal(caps, StoredSettings.Find(folder)!.SpendCaps);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Opening_without_the_caps_forgets_nothing()
    {
        BanditRouter router = Open(Caps);
        Live(router, 300, 1);
        CapAccount[] before = [.. Accounts(router)];
        Assert.Empty(Accounts(Reopen()));
        _store!.SaveSnapshot();
        Assert.Equal(before, Accounts(Reopen(Caps)));
    }

    [Fact]
    public async Task Under_a_budget_too_a_store_with_caps_opens_again_on_a_thread_that_never_decided()
    {
        RouterOptions options = Options(Caps);
        (options.Strategy, options.Budget) = (Strategy.Budgeted, new Budget { UsdPerDecision = 0.01 });
        var how = new RouterStoreOptions { QueueBytes = 1 << 20, SegmentBytes = 1 << 23 };
        _store = RouterStore.Open("/store", options, how, TimeProvider.System, _disk.Mount());
        Live(_store.Router, 50, 1);
        (CapAccount[] accounts, double charged) = ([.. Accounts(_store.Router)], _store.Router.Spending.ChargedUsd);
        _store.Dispose();
        _store = await Task.Factory.StartNew(() => RouterStore.Open("/store", options, how, TimeProvider.System, _disk.Mount()), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.Equal(accounts, Accounts(_store.Router));
        Assert.Equal(charged, _store.Router.Spending.ChargedUsd);
    }

    [Fact]
    public void Snapshots_taken_while_others_decide_and_record_lose_nothing_and_count_nothing_twice()
    {
        SpendCap[] wide = [.. Caps.Select(cap => cap with { Usd = 1e6 })];
        BanditRouter router = Open(wide);
        for (int round = 0; round < 3; round++)
        {
            Thread[] threads = [.. Enumerable.Range(0, 4).Select(seed => new Thread(() => Live(router, 300, seed)))];
            foreach (Thread thread in threads) thread.Start();
            _store!.SaveSnapshot();
            foreach (Thread thread in threads) thread.Join();
            CapAccount[] before = [.. Accounts(router)];
            Assert.NotEmpty(before);
            router = Reopen(wide);
            Assert.Equal(before, Accounts(router));
        }
    }

    [Fact]
    public void Accounts_and_bookings_that_cannot_be_right_are_dropped_and_reported()
    {
        BanditRouter router = new(Options(Caps));
        Live(router, 100, 1);
        CapState saved = router.CaptureState().Caps!;
        long[] accounts = [.. saved.Accounts], bookings = [.. saved.Bookings];
        accounts[2]++; // no window begins there
        accounts[5 + 4] = accounts[5 + 3] + 1; // more reserved than spent
        (bookings[0], bookings[7 + 4], bookings[14 + 5], bookings[21 + 6]) = (0, -1, long.MaxValue, 1L << 40);
        RouterState damaged = WithCaps(router.CaptureState(), new CapState { Keys = saved.Keys, Accounts = accounts, Bookings = bookings });
        BanditRouter copy = BanditRouter.Restore(Options(Caps), damaged, out IReadOnlyList<string> faults);
        Assert.Contains("6 account(s) or booking(s) of spend caps", Assert.Single(faults), StringComparison.Ordinal);
        Live(copy, 500, 2);

        static RouterState WithCaps(RouterState state, CapState caps) => new()
        {
            Dimensions = state.Dimensions,
            Values = state.Values,
            Arms = state.Arms,
            Status = state.Status,
            Sequence = state.Sequence,
            Origins = state.Origins,
            Segments = state.Segments,
            Masses = state.Masses,
            Exploration = state.Exploration,
            Availability = state.Availability,
            Ledger = state.Ledger,
            Sessions = state.Sessions,
            Caps = caps,
        };
    }
}
