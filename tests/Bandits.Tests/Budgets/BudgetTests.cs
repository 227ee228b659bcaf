using Bandits.Numerics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Budgets;

public sealed class BudgetTests
{
    private static readonly string[] Areas = ["easy", "middling", "hard"];

    /// <summary>Quality of the cheap and the dear arm by area; what dear quality is worth differs.</summary>
    private static readonly (double Cheap, double Dear)[] Grades = [(0.9, 0.92), (0.7, 0.85), (0.4, 0.9)];

    private static BanditRouter Router(double budget, Action<RouterOptions>? also = null)
    {
        var options = new RouterOptions { Dimensions = ["area"], Strategy = Strategy.Budgeted, Budget = new Budget { UsdPerDecision = budget }, TypicalInputTokens = 1000, TypicalOutputTokens = 0 };
        options.Arms.Add(new Arm { Id = "cheap", InputUsdPerMillionTokens = 1 });
        options.Arms.Add(new Arm { Id = "dear", InputUsdPerMillionTokens = 20 });
        foreach (Arm arm in options.Arms.ToArray()) options.Arms[options.Arms.IndexOf(arm)] = arm with { OutputUsdPerMillionTokens = 0 };
        also?.Invoke(options);
        return new BanditRouter(options);
    }

    private static (double Cost, double Quality, int[] DearByArea) Play(BanditRouter router, int decisions, ulong seed, Func<int, double, double>? costOf = null, int from = 0)
    {
        var random = new RandomStream(seed);
        double cost = 0, quality = 0;
        var dear = new int[3];
        for (int i = 0; i < decisions; i++)
        {
            int area = random.NextBelow(3);
            Assert.True(router.TryDecide(new Request(router.SegmentOf(Areas[area])), out Decision decision));
            double paid = (decision.Arm == 0 ? 0.001 : 0.02) * (0.5 + random.NextUnit());
            if (costOf is not null) paid = costOf(decision.Arm, paid);
            double grade = Math.Clamp((decision.Arm == 0 ? Grades[area].Cheap : Grades[area].Dear) + 0.2 * (random.NextUnit() - 0.5), 0, 1);
            router.Record(decision, new Outcome { Kind = OutcomeKind.Partial, Quality = grade, CostUsd = paid });
            if (i < from) continue;
            cost += paid;
            quality += grade;
            if (decision.Arm == 1) dear[area]++;
        }

        return (cost / (decisions - from), quality / (decisions - from), dear);
    }

    /// <summary>
    /// The dear arm is worth its price in the hard area first, then in the middling one. At 0.005 the program buys it in some of the hard ones alone, at 0.01 in all of them and some middling ones. A false alarm of
    /// these bounds is a deviation of five standard errors of the mean cost.
    /// </summary>
    [Theory]
    [InlineData(0.005, 0.63, 0.05)]
    [InlineData(0.01, 0.79, 0.35)]
    public void The_rate_is_held_and_spent_where_it_buys_most(double budget, double quality, double middling)
    {
        (double cost, double found, int[] dear) = Play(Router(budget), 8000, 1, from: 2000);
        Assert.InRange(cost / budget, 0.96, 1.01);
        Assert.True(found > quality, $"quality {found}");
        Assert.InRange(dear[0] / 2000.0, 0, 0.03);
        Assert.InRange(dear[1] / 2000.0, middling - 0.3, middling + 0.15);
        Assert.True(dear[2] > dear[1]);
    }

    /// <summary>
    /// Outcomes are 0 or 1, and the best of four arms fails the first two times. Its evidence then speaks against it for thousands of decisions, unless an arm hardly tried is tried again: nine runs in ten
    /// come back (of 200), so fewer than 17 of 25 is a chance of one in two thousand. Nothing changes all the while: at least 25,000 outcomes between two false alarms are at most 3 among 75,000 on average,
    /// and more than 10 come by chance once in three thousand times.
    /// </summary>
    [Fact]
    public void An_arm_that_failed_at_first_is_come_back_to_and_successes_are_no_change()
    {
        const int Runs = 25;
        double[] success = [0.5, 0.65, 0.84, 0.92];
        int backs = 0, alarms = 0;
        for (ulong seed = 0; seed < Runs; seed++)
        {
            BanditRouter router = Given.Router(o => (o.Dimensions, o.Strategy, o.Budget, o.Seed) = (["area"], Strategy.Budgeted, new Budget { UsdPerDecision = 1 }, seed), Given.Twins(4));
            SegmentKey segment = router.SegmentOf("one");
            router.Feed(segment, 3, new Outcome { Kind = OutcomeKind.Failed, CostUsd = 0.01 }, 2);
            var random = Given.Random(seed);
            int chosen = 0;
            for (int i = 0; i < 3000; i++)
            {
                Assert.True(router.TryDecide(new Request(segment), out Decision decision));
                router.Record(decision, new Outcome { Kind = random.NextUnit() < success[decision.Arm] ? OutcomeKind.Success : OutcomeKind.Failed, CostUsd = 0.01 });
                if (i >= 2500 && decision.Arm == 3) chosen++;
            }

            if (chosen > 250) backs++;
            alarms += router.Changes.Count(change => change.Component == OutcomeComponents.Quality);
        }

        Assert.True(backs >= 17, $"{backs} of {Runs} runs came back to the best arm.");
        Assert.InRange(alarms, 0, 10);
    }

    /// <summary>A price holds for eight decisions, but not for a request that would buy many decisions' worth: that is planned at one found with it in view.</summary>
    [Theory]
    [InlineData(0.0039, false)]
    [InlineData(0.0041, true)]
    [InlineData(double.NaN, false)]
    public void A_large_purchase_is_planned_at_a_new_price(double plannedUsd, bool isLarge)
    {
        var spending = new Bandits.Budgets.SpendController();
        var budget = new Budget { UsdPerDecision = 0.001 / 0.995 };
        int[] arms = [0, 1];
        for (int i = 0; i < 300; i++)
        {
            spending.Note(budget, new(0, arms, [0.9, 0.95], [0.0001, 0.02]), isWhole: true, arms: 2, plannedUsd: 0.001);
            spending.Charge(0.001);
        }

        Bandits.Budgets.SpendPrice before = spending.Price;
        Assert.True(before.High > 0);
        Assert.Equal(isLarge, spending.IsLarge(plannedUsd));
        Assert.Equal(isLarge, spending.Note(budget, new(1, arms, [0.2, 0.95], [0.0001, 0.02]), isWhole: true, arms: 2, plannedUsd));
        Assert.Equal(isLarge, before != spending.Price);
        Assert.False(spending.Note(budget, new(1, arms, [0.2, 0.95], [0.0001, 0.02]), isWhole: false, arms: 2, plannedUsd)); // it only counts as one more of its segment
    }

    [Fact]
    public void Where_the_cheapest_costs_many_times_the_rate_no_price_is_looked_for_again()
    {
        var spending = new Bandits.Budgets.SpendController();
        for (int i = 0; i < 300; i++)
        {
            spending.Note(new Budget { UsdPerDecision = 0.0001 }, new(0, [0, 1], [0.9, 0.95], [0.001, 0.02]), isWhole: true, arms: 2, plannedUsd: 0.001);
            spending.Charge(0.001);
        }

        Assert.Equal(Bandits.Budgets.TrafficSample.Highest, spending.Price.High);
        Assert.False(spending.IsLarge(0.001));
    }

    [Fact]
    public void A_budget_that_nobody_needs_costs_no_quality()
    {
        BanditRouter router = Router(1);
        (double cost, _, int[] dear) = Play(router, 3000, 2, from: 1000);
        Assert.True(dear[2] > 600 && dear[1] > 600);
        Assert.True(cost < 0.021);
        Assert.Equal(0, router.Spending.HighPrice);
        Assert.InRange(router.Spending.CreditUsd, 0, 1); // not saved up: one decision's worth
    }

    [Fact]
    public void Below_what_the_cheapest_costs_the_cheapest_is_all_there_is()
    {
        (double cost, _, int[] dear) = Play(Router(0.0005), 3000, 3, from: 500);
        Assert.InRange(dear.Sum(), 0, 2);
        Assert.InRange(cost, 0.0009, 0.0011);
    }

    [Fact]
    public void Probabilities_are_the_mixture_of_both_prices_and_the_propensity_is_of_it()
    {
        BanditRouter router = Router(0.005);
        Play(router, 3000, 4);
        int mixed = 0;
        foreach (string area in Areas)
        {
            Explanation law = router.Explain(new Request(router.SegmentOf(area)));
            Assert.Equal(1, law.Arms.Sum(arm => arm.Probability), 1e-12);
            if (law.Arms.All(arm => arm.Probability is > 0 and < 1)) mixed++;
        }

        Assert.InRange(mixed, 1, 2); // the area on the margin, perhaps its neighbour
        SpendReport report = router.Spending;
        Assert.True(report.LowPrice < report.HighPrice && report.LowShare is > 0 and < 1, report.ToString());
    }

    [Fact]
    public void Every_decision_is_charged_until_its_cost_is_known()
    {
        BanditRouter router = Router(0.01);
        router.TryDecide(new Request(router.SegmentOf("easy")), out Decision first);
        Assert.Equal(first.PredictedCostUsd, router.Spending.ChargedUsd, 1e-9);
        router.Record(first, new Outcome { Kind = OutcomeKind.Failed }); // a failure without a cost stays as charged
        Assert.Equal(first.PredictedCostUsd, router.Spending.ChargedUsd, 1e-9);
        router.Record(first, new Outcome { CostUsd = 0.5 });
        Assert.Equal(0.5, router.Spending.ChargedUsd, 1e-9);
        router.Record(first, new Outcome { CostUsd = 0.25, Revision = 1 });
        Assert.Equal(0.25, router.Spending.ChargedUsd, 1e-9);
        router.Record(first, new Outcome { CostUsd = 0.25, Revision = 1 });
        Assert.Equal((0.25, 1L), (Math.Round(router.Spending.ChargedUsd, 9), router.Spending.Decisions));
        router.TryDecide(new Request(router.SegmentOf("easy")), out Decision refused);
        router.Record(refused, new Outcome { Kind = OutcomeKind.Unavailable }); // nobody bills a refusal
        Assert.Equal(0.25, router.Spending.ChargedUsd, 1e-9);
        router.TryDecide(new Request(router.SegmentOf("easy")), out Decision lost);
        router.Record(lost, new Outcome { Kind = OutcomeKind.Expired });
        Assert.Equal(0.25 + lost.PredictedCostUsd, router.Spending.ChargedUsd, 1e-9);
    }

    [Fact]
    public void Another_rate_is_held_from_then_on()
    {
        BanditRouter router = Router(0.01);
        Play(router, 3000, 5);
        var options = new RouterOptions { Dimensions = ["area"], Strategy = Strategy.Budgeted, Budget = new Budget { UsdPerDecision = 0.003 }, TypicalInputTokens = 1000, TypicalOutputTokens = 0 };
        router.Reconfigure(options);
        Assert.Equal(0.003, router.Spending.UsdPerDecision);
        (double cost, _, _) = Play(router, 4000, 6, from: 300);
        Assert.InRange(cost / 0.003, 0.95, 1.02);
    }

    /// <summary>A price of money that was found where nothing could be paid is no beginning for a budget under which everything can.</summary>
    [Fact]
    public void Plenty_after_a_budget_that_nothing_fits_is_used_at_once()
    {
        BanditRouter router = Router(1e-9);
        Assert.InRange(Play(router, 1000, 5).DearByArea.Sum(), 0, 3); // before there was a price
        router.Reconfigure(new RouterOptions { Dimensions = ["area"], Strategy = Strategy.Budgeted, Budget = new Budget { UsdPerDecision = 1 }, TypicalInputTokens = 1000, TypicalOutputTokens = 0 });
        Assert.InRange(Play(router, 60, 6).DearByArea.Sum(), 30, 60);
    }

    /// <summary>An index without bound, of an arm that was never played, buys that arm but is no value in dollars; the account is read again.</summary>
    [Fact]
    public void Unbounded_indices_do_not_cost_the_account()
    {
        Action<RouterOptions> also = o => o.Policy = Bandits.Policies.KlUcbRule.Policy;
        BanditRouter router = Router(0.01, also);
        Assert.True(router.TryDecide(new Request(router.SegmentOf("rare")), out _));
        Play(router, 500, 8);
        RouterState state = router.CaptureState();
        Assert.All(state.Spending, number => Assert.False(double.IsPositiveInfinity(number) || double.IsNaN(number)));
        var options = new RouterOptions { Dimensions = ["area"], Strategy = Strategy.Budgeted, Budget = new Budget { UsdPerDecision = 0.01 }, TypicalInputTokens = 1000, TypicalOutputTokens = 0 };
        also(options);
        BanditRouter restored = BanditRouter.Restore(options, state, out IReadOnlyList<string> faults);
        Assert.Empty(faults);
        Assert.Equal(router.Spending, restored.Spending);
    }

    [Fact]
    public void A_sample_of_no_arms_has_no_rows()
    {
        var sample = new Bandits.Budgets.TrafficSample();
        Assert.False(sample.Restore([0, 1, 1, 0, 1, 0, 0, 0], segments: 3, arms: 2));
        Assert.True(sample.Restore([0, 1, 0, 0, 0, 0], segments: 3, arms: 2));
        Assert.Equal((0, 0), sample.Ends());
    }

    [Fact]
    public void Rules_that_follow_no_price_have_no_budget() =>
        Assert.Contains("Budget is given", Assert.Throws<ArgumentException>(() => Router(1, o => o.Strategy = Strategy.Baseline)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 150, "UsdPerDecision")]
    [InlineData(double.NaN, 150, "UsdPerDecision")]
    [InlineData(2e6, 150, "UsdPerDecision")]
    [InlineData(0.1, 9, "Horizon")]
    [InlineData(0.1, 100_001, "Horizon")]
    public void Bad_budgets_are_named(double usd, int horizon, string name)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Router(usd, o => o.Budget = o.Budget! with { Horizon = horizon }));
        Assert.Contains("Budget." + name, fault.Message, StringComparison.Ordinal);
        Assert.Contains("allowed range", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_strategy_needs_a_budget() =>
        Assert.Contains("Budget is null", Assert.Throws<ArgumentException>(() => Router(1, o => o.Budget = null)).Message, StringComparison.Ordinal);

    /// <summary>Any other strategy may have a budget as well: here Thompson sampling on utility.</summary>
    [Fact]
    public void Other_policies_hold_it_too()
    {
        BanditRouter router = Router(0.005, o => (o.Strategy, o.Policy, o.CostWeight) = (Strategy.Balanced, Bandits.Policies.ThompsonPolicy.Instance, 0));
        (double cost, double quality, _) = Play(router, 8000, 7, from: 2000);
        Assert.InRange(cost / 0.005, 0.95, 1.02);
        Assert.True(quality > 0.62, $"quality {quality}");
    }

    [Fact]
    public void A_damaged_account_keeps_what_was_spent()
    {
        BanditRouter router = Router(0.005);
        Play(router, 500, 8);
        RouterState state = router.CaptureState();
        double charged = router.Spending.ChargedUsd;
        for (int i = 10; i < state.Spending.Length; i += 3) state.Spending[i] = double.NaN;
        var options = new RouterOptions { Dimensions = ["area"], Strategy = Strategy.Budgeted, Budget = new Budget { UsdPerDecision = 0.005 }, TypicalInputTokens = 1000, TypicalOutputTokens = 0 };
        BanditRouter restored = BanditRouter.Restore(options, state, out IReadOnlyList<string> faults);
        Assert.Contains(faults, fault => fault.Contains("spending", StringComparison.Ordinal));
        Assert.Equal(charged, restored.Spending.ChargedUsd, 1e-9);
        (double cost, _, _) = Play(restored, 3000, 9, from: 300);
        Assert.InRange(cost / 0.005, 0.94, 1.03);
    }
}
