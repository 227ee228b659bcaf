using Bandits.Budgets;
using Bandits.Statistics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Budgets;

public sealed class SpendLedgerTests
{
    private const long Hour = TimeSpan.TicksPerHour;
    private const long Noon = Given.Ticks / Hour * Hour;
    private static readonly ulong Shared = CapKey.Of(new SpendCap { Name = "shared", Usd = 1 });
    private static readonly ulong Each = CapKey.Of(new SpendCap { Name = "each", Usd = 1, PerTenant = true });

    private static Contribution Cost(double usd) => Contribution.Of(new Outcome { CostUsd = usd }, 0, 0);

    private static long SpentOf(SpendLedger ledger, ulong cap, long start) =>
        Enumerable.Range(0, ledger.Capture().Accounts.Length / 5).Select(i => ledger.Capture().Accounts.AsSpan(5 * i, 5).ToArray()).Where(a => (ulong)a[0] == cap && a[2] == start).Sum(a => a[3]);

    [Fact]
    public void Threads_together_do_not_pass_a_cap_by_a_nano_dollar()
    {
        const int Threads = 8;
        BanditRouter router = SpendCapTests.Router(o => (o.ExplorationFloor, o.LedgerCapacity) = (1, 1 << 16), new SpendCap { Name = "hourly", Usd = 1 }, new SpendCap { Name = "north", Usd = 0.4, Provider = "north" });
        long[] booked = new long[Threads];
        Parallel(Threads, thread =>
        {
            var random = new Random(thread);
            long refusals = 0;
            while (refusals < 20)
            {
                long reserved = random.Next(1, 1_000_000);
                if (!router.TryDecide(new Request { TimeTicks = Noon, ReserveUsd = reserved / 1e9 }, out Decision decision))
                {
                    refusals++;
                    continue;
                }

                long actual = random.Next(3) == 0 ? reserved : random.Next((int)reserved);
                booked[thread] += actual;
                if (actual != reserved) router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = actual / 1e9 });
                Assert.Equal(0, router.ReadCaps().OvershootUsd);
            }
        });
        CapReport report = router.ReadCaps();
        Assert.Equal(booked.Sum() / 1e9, report.Accounts[0].SpentUsd);
        Assert.InRange(report.Accounts[0].SpentUsd, 0.99, 1);
        Assert.InRange(report.Accounts[1].SpentUsd, 0.39, 0.4);
    }

    [Fact]
    public void Plans_that_others_have_outrun_are_made_anew_and_the_propensity_is_that_of_the_last()
    {
        const int Threads = 8;
        BanditRouter router = SpendCapTests.Router(o => o.ExplorationFloor = 1, new SpendCap { Name = "north", Usd = 0.1, Provider = "north" });
        int north = 0;
        Parallel(Threads, _ =>
        {
            for (int i = 0; i < 500; i++)
            {
                Assert.True(router.TryDecide(new Request { TimeTicks = Noon, ReserveUsd = 0.001 }, out Decision decision));
                Assert.True(decision.Propensity == (decision.Arm == 2 ? decision.Propensity : 1 / 3.0) && decision.Propensity is 1 / 3.0 or 1);
                if (decision.Arm != 2) Interlocked.Increment(ref north);
            }
        });
        Assert.Equal(100, north);
    }

    [Fact]
    public void Settling_twice_or_for_another_decision_changes_nothing()
    {
        var ledger = new SpendLedger(16);
        var id = new DecisionId(1, 1);
        ledger.Rebook(id, [Shared], 0, Noon, 100);
        ledger.Rebook(id, [Shared], 0, Noon, 100);
        Assert.Equal(100, SpentOf(ledger, Shared, Noon));
        ledger.Settle(new DecisionId(2, 1), Cost(1));
        ledger.Settle(id, Cost(30e-9));
        ledger.Settle(id, Cost(30e-9));
        Assert.Equal(30, SpentOf(ledger, Shared, Noon));
        ledger.Settle(id, Contribution.Empty);
        Assert.Equal(100, SpentOf(ledger, Shared, Noon));
    }

    [Fact]
    public void What_left_the_ring_stays_spent()
    {
        var ledger = new SpendLedger(16);
        for (ulong i = 1; i <= 17; i++) ledger.Rebook(new DecisionId(1, i), [Shared], 0, Noon, 10);
        ledger.Settle(new DecisionId(1, 1), Cost(0));
        ledger.Rebook(new DecisionId(1, 2), [Shared], 0, Noon, 10); // known
        ledger.Rebook(new DecisionId(7, 1), [Shared], 0, Noon, 5); // too late for a place
        Assert.Equal(175, SpentOf(ledger, Shared, Noon));
        ledger.Settle(new DecisionId(1, 17), Cost(0));
        Assert.Equal(165, SpentOf(ledger, Shared, Noon));
    }

    [Fact]
    public void More_caps_than_bits_take_those_that_are_not_in_use()
    {
        var ledger = new SpendLedger(128);
        for (ulong i = 1; i <= 100; i++) ledger.Rebook(new DecisionId(1, i), [(i + 100) * 4], 0, Noon, 10);
        Assert.Equal(64, ledger.Capture().Keys.Length);
        ledger.Settle(new DecisionId(1, 100), Cost(1e-9));
        ledger.Settle(new DecisionId(1, 64), Cost(1e-9));
        ledger.Settle(new DecisionId(1, 1), Cost(1e-9)); // its bit was taken
        Assert.Equal((1, 1, 10), (SpentOf(ledger, 800, Noon), SpentOf(ledger, 656, Noon), SpentOf(ledger, 404, Noon)));
    }

    [Fact]
    public void Tenants_beyond_the_bound_share_an_account_and_past_windows_make_room()
    {
        var accounts = new SpendAccounts(most: 8);
        ulong[] caps = [Shared, Each];
        for (ulong tenant = 1; tenant <= 20; tenant++)
        {
            ulong admitted = accounts.Admit(caps, tenant, Noon);
            foreach (ulong cap in caps) accounts.Book(CapKey.AccountOf(cap, admitted, Noon), 10);
        }

        Assert.Equal((200, 10, 10, 140), (Spent(Shared, 0), Spent(Each, 1), Spent(Each, 6), Spent(Each, 0)));
        Assert.Equal(3UL, accounts.Admit(caps, 3, Noon));
        Assert.Equal(0UL, accounts.Admit(caps, 30, Noon + Hour));
        Assert.Equal(30UL, accounts.Admit(caps, 30, Noon + 2 * Hour));
        Assert.Equal(0, accounts.Count);

        long Spent(ulong cap, ulong tenant) => accounts.SpentOf(CapKey.AccountOf(cap, tenant, Noon));
    }

    /// <summary>A request of long ago, or one with a time in the future, does not end the windows of the others.</summary>
    [Theory]
    [InlineData(-72)]
    [InlineData(72)]
    public void One_request_with_an_odd_time_leaves_the_accounts_alone(int hours)
    {
        var accounts = new SpendAccounts(most: 8);
        ulong[] caps = [Each];
        for (ulong tenant = 1; tenant <= 8; tenant++) accounts.Book(CapKey.AccountOf(Each, accounts.Admit(caps, tenant, Noon), Noon), 10);
        accounts.Admit(caps, 9, Noon + hours * Hour);
        for (ulong tenant = 1; tenant <= 8; tenant++) Assert.Equal(10, accounts.SpentOf(CapKey.AccountOf(Each, tenant, Noon)));
    }

    [Fact]
    public void Keys_tell_caps_apart_by_everything_but_the_amount()
    {
        var cap = new SpendCap { Name = "a", Usd = 1 };
        SpendCap[] others = [cap with { Name = "b" }, cap with { Window = SpendWindow.Day }, cap with { PerTenant = true }, cap with { Provider = "a" }, cap with { Provider = "b" }];
        Assert.Equal(CapKey.Of(cap), CapKey.Of(cap with { Usd = 2 }));
        Assert.Equal(others.Length + 1, others.Append(cap).Select(CapKey.Of).Distinct().Count());
        Assert.Equal(0x1e56ae7f_00000000UL, CapKey.Of(cap) & 0xffffffff_00000000); // stored: it never changes
    }

    private static void Parallel(int count, Action<int> act)
    {
        var faults = new List<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, count).Select(number => new Thread(() =>
        {
            try
            {
                act(number);
            }
            catch (Exception e)
            {
                lock (faults) faults.Add(e);
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.Empty(faults);
    }
}
