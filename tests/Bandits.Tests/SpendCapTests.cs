using Bandits.Tests.Support;

namespace Bandits.Tests;

public sealed class SpendCapTests
{
    private const long Hour = TimeSpan.TicksPerHour;
    private const long Noon = 639_039_456_000_000_000 / TimeSpan.TicksPerDay * TimeSpan.TicksPerDay + 12 * Hour;
    private static readonly SpendCap Hourly = new() { Name = "hourly", Usd = 1 };

    private static Arm ArmOf(string id, string provider, double usdPerMillion) =>
        new() { Id = id, Provider = provider, InputUsdPerMillionTokens = usdPerMillion, OutputUsdPerMillionTokens = usdPerMillion };

    /// <summary>Three arms of two providers; a call of a million tokens costs 1, 0.1 and 0.2 USD.</summary>
    internal static BanditRouter Router(Action<RouterOptions>? configure = null, params SpendCap[] caps) =>
        new(Options(configure, caps));

    internal static RouterOptions Options(Action<RouterOptions>? configure = null, params SpendCap[] caps) => Given.Options(
        o =>
        {
            (o.SpendCaps, o.TypicalInputTokens, o.TypicalOutputTokens) = (caps, 1_000_000, 0);
            configure?.Invoke(o);
        },
        ArmOf("dear", "north", 1),
        ArmOf("cheap", "north", 0.1),
        ArmOf("other", "south", 0.2));

    private static Request At(long time, double? reserve = null, ulong tenant = 0) => new() { TimeTicks = time, ReserveUsd = reserve, Tenant = tenant };

    private static Decision Decide(BanditRouter router, Request request)
    {
        Assert.True(router.TryDecide(request, out Decision decision), $"Refused: {decision.WhyNone}");
        return decision;
    }

    private static void IsRefused(BanditRouter router, Request request, Ineligibility why = Ineligibility.OverCap)
    {
        Assert.False(router.TryDecide(request, out Decision decision));
        Assert.Equal(why, decision.WhyNone);
    }

    private static CapAccount Only(BanditRouter router) => Assert.Single(router.ReadCaps().Accounts);

    [Fact]
    public void A_cap_is_reserved_up_to_the_last_nano_dollar_and_not_beyond()
    {
        BanditRouter router = Router(null, Hourly);
        for (int i = 0; i < 4; i++) Decide(router, At(Noon, 0.25));
        Assert.Equal(new CapAccount("hourly", 0, Noon, 1, 1, 1), Only(router));
        IsRefused(router, At(Noon, 1e-9));
        Decide(router, At(Noon, 0));
        Assert.Equal(0, router.ReadCaps().OvershootUsd);
    }

    [Fact]
    public void Nested_caps_must_all_have_room()
    {
        BanditRouter router = Router(
            null, Hourly, new SpendCap { Name = "daily", Usd = 1.5, Window = SpendWindow.Day }, new SpendCap { Name = "tenant", Usd = 0.5, PerTenant = true }, new SpendCap { Name = "north", Usd = 0.25, Provider = "north" });
        int[] chosen = [.. Enumerable.Range(0, 2).Select(_ => Decide(router, At(Noon, 0.25, 7)).Arm)];
        Assert.True(chosen.Count(arm => arm != 2) <= 1);
        IsRefused(router, At(Noon, 0.25, 7)); // its own cap
        Decide(router, At(Noon, 0.25, 8));
        Decide(router, At(Noon, 0.25, 8));
        IsRefused(router, At(Noon, 0.25, 9)); // the hour's
        Decide(router, At(Noon + Hour, 0.25, 7));
        Decide(router, At(Noon + Hour, 0.25, 7));
        IsRefused(router, At(Noon + Hour, 0.25, 9)); // the day's
        Decide(router, At(Noon + 13 * Hour, 0.25, 9));
        CapReport report = router.ReadCaps();
        Assert.All(report.Accounts, account => Assert.True(account.SpentUsd <= account.CapUsd));
        Assert.Equal([(0UL, 1.5), (0UL, 0.25)], report.Accounts.Where(a => a.Cap == "daily").Select(a => (a.Tenant, a.SpentUsd)));
        Assert.Equal([(7UL, 0.5), (8UL, 0.5), (7UL, 0.5)], report.Accounts.Where(a => a.Cap == "tenant").Take(3).Select(a => (a.Tenant, a.SpentUsd)));
    }

    [Fact]
    public void Tenants_do_not_spend_each_others_money()
    {
        BanditRouter router = Router(null, Hourly with { PerTenant = true });
        ulong first = Request.TenantOf("first"), second = Request.TenantOf("second");
        Decide(router, At(Noon, 1, first));
        IsRefused(router, At(Noon, 0.01, first));
        Decide(router, At(Noon, 1, second));
        Decide(router, At(Noon, 1)); // those without a tenant share one account
        IsRefused(router, At(Noon, 0.01));
        Assert.Equal(((ulong[])[0, first, second]).Order(), router.ReadCaps().Accounts.Select(account => account.Tenant));
    }

    [Fact]
    public void A_providers_cap_leaves_the_arms_of_others()
    {
        BanditRouter router = Router(o => o.ExplorationFloor = 1, new SpendCap { Name = "north", Usd = 0.3, Provider = "north" });
        for (int i = 0; i < 40; i++) Decide(router, At(Noon, 0.1));
        Assert.Equal(0.3, Only(router).SpentUsd, 1e-12);
        Assert.Equal(2, Decide(router, At(Noon, 0.1)).Arm);
        Explanation explanation = router.Explain(At(Noon, 0.1));
        Assert.Equal([Ineligibility.OverCap, Ineligibility.OverCap, Ineligibility.None], explanation.Arms.Select(arm => arm.WhyNot));
        Assert.Equal(1, explanation.Arms[2].Probability);
    }

    [Fact]
    public void Decisions_go_to_cheaper_arms_before_they_are_refused()
    {
        BanditRouter router = Router(o => o.ExplorationFloor = 1, Hourly);
        var request = new Request { TimeTicks = Noon, ReserveInputTokens = 1_000_000 };
        Decide(router, At(Noon, 0.75)); // 0.25 left: too little for the dear arm
        Decision decision = Decide(router, request);
        Assert.NotEqual(0, decision.Arm);
        Assert.Equal(0.5, decision.Propensity);
        Assert.Equal(0.75 + (decision.Arm == 1 ? 0.1 : 0.2), Only(router).SpentUsd, 1e-12);
        Decide(router, request with { ReserveUsd = 0.05 }); // the lower of the two
        IsRefused(Router(null, Hourly with { Usd = 0.05 }), request);
    }

    [Fact]
    public void Outcomes_settle_reservations_up_and_down_and_corrections_settle_the_difference()
    {
        BanditRouter router = Router(null, Hourly);
        Decision cheap = Decide(router, At(Noon, 0.4)), dear = Decide(router, At(Noon, 0.4));
        router.Record(cheap, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.1 });
        Assert.Equal((0.5, 0.4), (Only(router).SpentUsd, Only(router).ReservedUsd));
        router.Record(dear, new Outcome { Kind = OutcomeKind.Failed });
        Assert.Equal((0.5, 0.4), (Only(router).SpentUsd, Only(router).ReservedUsd)); // a failure without a cost keeps it
        router.Record(dear, new Outcome { CostUsd = 1.1 });
        Assert.Equal((1.2, 0), (Math.Round(Only(router).SpentUsd, 9), Only(router).ReservedUsd));
        Assert.Equal(0.2, router.ReadCaps().OvershootUsd, 1e-12);
        router.Record(dear, new Outcome { CostUsd = 0.3, Revision = 1 });
        router.Record(dear, new Outcome { CostUsd = 0.3, Revision = 1 });
        Assert.Equal((0.4, 0), (Only(router).SpentUsd, router.ReadCaps().OvershootUsd));
    }

    [Fact]
    public void An_arm_that_refused_gives_its_reservation_back_and_one_never_heard_of_keeps_it()
    {
        BanditRouter router = Router(null, Hourly);
        Decision refused = Decide(router, At(Noon, 0.5)), silent = Decide(router, At(Noon, 0.5));
        router.Record(refused, new Outcome { Kind = OutcomeKind.Unavailable });
        Assert.Equal(0.5, Only(router).SpentUsd);
        router.Record(silent, new Outcome { Kind = OutcomeKind.Expired });
        Assert.Equal((0.5, 0.5), (Only(router).SpentUsd, Only(router).ReservedUsd));
        router.Record(refused, new Outcome { Kind = OutcomeKind.Failed, Revision = 1 }); // it was billed after all
        Assert.Equal(1, Only(router).SpentUsd);
    }

    [Fact]
    public void Without_a_stated_maximum_a_cap_is_passed_by_at_most_what_calls_under_way_cost_more_than_reserved_and_that_is_reported()
    {
        BanditRouter router = Router(o => o.ExplorationFloor = 1, Hourly);
        var underWay = new List<Decision>();
        while (router.TryDecide(At(Noon), out Decision decision)) underWay.Add(decision);
        double reserved = underWay.Sum(decision => decision.PredictedCostUsd);
        Assert.InRange(reserved, 0.9, 1);
        foreach (Decision decision in underWay) router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 3 * decision.PredictedCostUsd });
        Assert.Equal(3 * reserved - 1, router.ReadCaps().OvershootUsd, 1e-9);
        IsRefused(router, At(Noon));
    }

    [Fact]
    public void A_window_turns_at_the_full_hour_and_a_late_outcome_settles_its_own_window()
    {
        BanditRouter router = Router(null, Hourly);
        Decision late = Decide(router, At(Noon + Hour - 1, 1));
        IsRefused(router, At(Noon + Hour - 1, 0.1));
        Decide(router, At(Noon + Hour, 0.5));
        router.Record(late, new Outcome { CostUsd = 0.2, TimeTicks = Noon + Hour + 1 });
        Assert.Equal([(Noon, 0.2), (Noon + Hour, 0.5)], router.ReadCaps().Accounts.Select(account => (account.WindowTicks, account.SpentUsd)));
    }

    [Fact]
    public void The_last_resort_is_chosen_when_caps_leave_no_arm_and_what_it_costs_is_reported()
    {
        BanditRouter router = Router(o => o.LastResortArmId = "cheap", Hourly);
        Decide(router, At(Noon, 1));
        Decision decision = Decide(router, At(Noon, 0.25));
        Assert.Equal((1, 1.0, DecisionTraits.LastResort), (decision.Arm, decision.Propensity, decision.Traits & DecisionTraits.LastResort));
        Assert.Equal(0.25, router.ReadCaps().OvershootUsd);
        Assert.Equal(decision, router.ParseToken(router.TokenOf(decision)));
        IsRefused(router, At(Noon, 0.25) with { ExcludedArms = new[] { 1 } }, Ineligibility.OverCap | Ineligibility.ExcludedArm);
    }

    [Fact]
    public void A_session_leaves_an_arm_that_a_cap_has_no_room_for()
    {
        BanditRouter router = Router(null, new SpendCap { Name = "north", Usd = 0.3, Provider = "north" });
        Request request = At(Noon, 0.2) with { Session = 5 };
        router.TryDecide(request with { ExcludedProviders = router.Providers("south") }, out Decision first);
        Assert.NotEqual(2, first.Arm);
        Assert.Equal(2, Decide(router, request).Arm);
        Assert.Equal(DecisionTraits.Sticky, Decide(router, request).Traits & DecisionTraits.Sticky);
    }

    [Fact]
    public void A_decision_made_again_books_once()
    {
        BanditRouter router = Router(null, Hourly);
        Request request = At(Noon, 0.25) with { Id = new DecisionId(3, 1) };
        for (int i = 0; i < 3; i++) Decide(router, request);
        Assert.Equal(0.25, Only(router).SpentUsd);
    }

    [Fact]
    public void Of_several_arms_at_once_only_as_many_are_chosen_as_have_room_together()
    {
        BanditRouter router = Router(o => o.ExplorationFloor = 1, Hourly);
        var decisions = new Decision[3];
        Assert.Equal(2, router.DecideTop(At(Noon, 0.4), decisions));
        Assert.Equal(0.8, Only(router).SpentUsd);
        Assert.Equal(1, router.DecideTop(At(Noon, 0.2), decisions));
        Assert.Equal(0, router.DecideTop(At(Noon, 0.2), decisions));
        Assert.Equal(Ineligibility.OverCap, decisions[0].WhyNone);
        Assert.Equal(3, Router(o => o.ExplorationFloor = 1, Hourly).DecideTop(At(Noon, 1 / 3.0), decisions));
    }

    [Fact]
    public void Caps_change_while_the_router_runs_and_what_was_spent_stays()
    {
        BanditRouter router = Router(null, Hourly);
        Decision decision = Decide(router, At(Noon, 1));
        router.Reconfigure(Options(null, Hourly with { Usd = 2 }, new SpendCap { Name = "new", Usd = 0.5 }));
        Decide(router, At(Noon, 0.5));
        IsRefused(router, At(Noon, 0.1)); // the new one
        router.Record(decision, new Outcome { CostUsd = 0.25 });
        Assert.Equal([("hourly", 0.75), ("new", 0.5)], router.ReadCaps().Accounts.Select(account => (account.Cap, account.SpentUsd))); // it was not booked under the new one
        router.Reconfigure(Options());
        Assert.Empty(router.ReadCaps().Accounts);
        router.Reconfigure(Options(null, Hourly));
        Assert.Equal(0.75, Only(router).SpentUsd);
        router.Reconfigure(Options(null, Hourly with { PerTenant = true }));
        Assert.Empty(router.ReadCaps().Accounts);
    }

    [Fact]
    public void Caps_need_a_time()
    {
        BanditRouter router = Router(null, Hourly);
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => router.TryDecide(default, out _));
        Assert.Contains("TimeTicks is 0; the allowed range is [1, 3155378975999999999] UTC ticks while the router has spend caps and no clock", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => router.DecideTop(default, new Decision[1]));
        Assert.Equal((2, 0), (router.RefusedCount, router.DecisionCount));
        Assert.Equal(3, router.Explain(default).Arms.Count);
        router.SetClock(Noon);
        Assert.Equal(Noon, Decide(router, default).TimeTicks);
    }

    [Fact]
    public void Requests_that_cannot_be_are_refused()
    {
        BanditRouter router = Router();
        foreach (double reserve in (double[])[-1, double.NaN, double.PositiveInfinity, 1e6 + 1])
            Assert.Contains("ReserveUsd", Assert.Throws<ArgumentOutOfRangeException>(() => router.TryDecide(At(Noon, reserve), out _)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => router.TryDecide(new Request { ReserveInputTokens = -1 }, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => router.TryDecide(new Request { ReserveOutputTokens = -1 }, out _));
        Decide(router, At(Noon, 0.5, 3)); // without caps none of it matters
        Assert.Empty(router.ReadCaps().Accounts);
        Assert.Null(router.CaptureState().Caps);
    }

    [Fact]
    public void Faults_name_the_cap_its_value_and_the_range()
    {
        RouterOptions options = Options(
            o => o.LastResortArmId = "nobody",
            new SpendCap { Name = "a", Usd = 0 }, new SpendCap { Name = "a", Usd = 1 }, new SpendCap { Name = "", Usd = 1 }, new SpendCap { Name = "b", Usd = double.NaN, Window = (SpendWindow)7, Provider = "" });
        Assert.Equal(
            [
                "SpendCap 'a': Usd is 0; the allowed range is [1e-9, 1e9] USD.",
                "SpendCap 'a' is given twice; names are unique.",
                "SpendCap.Name has 0 characters; the allowed range is 1 to 200.",
                "SpendCap 'b': Usd is NaN; the allowed range is [1e-9, 1e9] USD.",
                "SpendCap 'b': Window is 7; the allowed values are Hour, Day.",
                "SpendCap 'b': Provider has 0 characters; the allowed range is 1 to 200, or null.",
                "LastResortArmId is 'nobody'; it needs the id of one of the arms.",
            ],
            options.Validate());
        Assert.Contains(
            "SpendCaps is 33; the allowed range is 0 to 32 caps.",
            Options(null, [.. Enumerable.Range(0, 33).Select(i => new SpendCap { Name = $"{i}", Usd = 1 })]).Validate());
    }

    [Fact]
    public void Booking_and_settling_allocate_nothing()
    {
        BanditRouter router = Router(null, Hourly with { Usd = 1e6 }, new SpendCap { Name = "tenant", Usd = 1e6, PerTenant = true, Window = SpendWindow.Day });
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 2000; i++) Play(router, i);
        }));

        static void Play(BanditRouter router, int i)
        {
            router.TryDecide(new Request { TimeTicks = Noon, ReserveUsd = 0.01, Tenant = (ulong)(i % 16) }, out Decision decision);
            router.Record(decision, new Outcome { Kind = OutcomeKind.Success, CostUsd = 0.002 });
        }
    }
}
