using Bandits.Routing.Outcomes;
using Bandits.Routing.Running;

namespace Bandits.Routing.Experiments;

/// <summary>The experiments of the published system, and one without costs.</summary>
internal static class Catalogue
{
    public const string Budgets = "budgets";
    public const string PriceDrift = "price-drift";
    public const string Regression = "regression";
    public const string NewArm = "new-arm";
    public const string Quality = "quality";

    /// <summary>Variants that are asked for by name.</summary>
    public const string Announced = "announced";
    public const string GoodAndCheap = "good and cheap";

    /// <summary>First phase, and the one in which something is different.</summary>
    public const string Before = "1";
    public const string Changed = "2";
    public const string After = "3";

    /// <summary>By how much the dearest arm becomes cheaper.</summary>
    private const double PriceDrop = 56;

    private const double RegressedTo = 0.75;
    private const double RegressedBy = 0.17;
    private const int SettledAfter = 100;
    private const int AnnouncedSettledAfter = 150;
    private const int StationaryBudgets = 7;

    /// <summary>Budgets of the three experiments in which the world changes, USD a decision.</summary>
    private static readonly double[] DriftBudgets = [3e-4, 6.62e-4, 1.87e-3];

    public static string[] Names { get; } = [Budgets, PriceDrift, Regression, NewArm, Quality];

    /// <summary>What the outcomes lack for an experiment; null where they lack nothing.</summary>
    public static string? Lack(string name, Subject subject)
    {
        const int Thirds = 3, Halves = 2;
        if (name == Quality) return null;
        if (!subject.HasCosts) return "not every outcome has a cost, or none has more than nothing";
        return name switch
        {
            PriceDrift or Regression when subject.Judged(false) < Thirds => $"{subject.Judged(false)} task(s) to be judged on are too few for three phases",
            Regression when subject.Established < 3 => "it takes three models, of which the middle one gets worse",
            NewArm when subject.WithNewArm is null => "no model joins later; --new-arm names one",
            NewArm when subject.Judged(true) < Halves => $"{subject.Judged(true)} task(s) that the new model has answered are too few",
            NewArm when !subject.WithNewArm!.All(static task => double.IsFinite(task.CostUsd[^1])) => "not every outcome of the new model has a cost",
            _ => null,
        };
    }

    /// <summary>What an experiment consists of, of a subject that lacks nothing.</summary>
    public static IEnumerable<Plan> Of(string name, Subject subject, double[]? budgets) => name switch
    {
        Budgets => (budgets ?? Geometric(subject)).Select(budget => Stationary(Budgets, subject, budget)),
        PriceDrift => [.. PricePlans(subject, budgets ?? DriftBudgets, false), .. PricePlans(subject, budgets ?? DriftBudgets, true)],
        Regression =>
        [
            .. RegressionPlans(subject, budgets ?? DriftBudgets, "to 0.75", static _ => RegressedTo),
            .. RegressionPlans(subject, budgets ?? DriftBudgets, "by 0.17", static quality => Math.Max(0, quality - RegressedBy)),
        ],
        NewArm =>
        [
            .. NewArmPlans(subject, budgets ?? DriftBudgets, GoodAndCheap, 1, 0.25),
            .. NewArmPlans(subject, budgets ?? DriftBudgets, "bad and cheap", 0.6, 0.25),
            .. NewArmPlans(subject, budgets ?? DriftBudgets, "good and dear", 1, 40),
        ],
        _ => [Stationary(Quality, subject, double.PositiveInfinity)],
    };

    private static Plan Stationary(string name, Subject subject, double budget) => new(name, budget, (train, test) => Learn(subject, train, new Stretch("all", test, subject.Established)));

    /// <summary>Evenly on a logarithmic scale from what the cheapest arm costs to what the dearest does.</summary>
    private static double[] Geometric(Subject subject)
    {
        const double LeastShare = 1e-4, LeastUsd = 1e-9;
        double most = Math.Max(LeastUsd, subject.MeanCostOf(subject.ByCost(subject.Established - 1))), least = Math.Max(subject.MeanCostOf(subject.ByCost(0)), Math.Max(LeastUsd, most * LeastShare));
        return [.. Enumerable.Range(0, StationaryBudgets).Select(i => least * Math.Pow(most / least, i / (StationaryBudgets - 1.0)))];
    }

    private static List<Stretch> Learn(Subject subject, RoutingTask[] train, params IEnumerable<Stretch> judged) => [new Stretch("learning", train, subject.Established) { IsReported = false }, .. judged];

    private static IEnumerable<Plan> PricePlans(Subject subject, double[] budgets, bool isAnnounced)
    {
        int dearest = subject.ByCost(subject.Established - 1);
        foreach (double budget in budgets)
        {
            yield return new Plan(PriceDrift, budget, (train, test) =>
            {
                RoutingTask[][] thirds = Thirds(test);
                RoutingTask[] cheap = Array.ConvertAll(thirds[1], task => With(task, dearest, 1, 1 / PriceDrop));
                return Learn(
                    subject, train,
                    new Stretch(Before, thirds[0], subject.Established),
                    new Stretch(Changed, cheap, subject.Established) { Before = isAnnounced ? router => Announce(router, dearest, 1 / PriceDrop) : null, SettledAfter = AnnouncedSettledAfter },
                    new Stretch(After, thirds[2], subject.Established) { Before = isAnnounced ? router => Announce(router, dearest, PriceDrop) : null });
            })
            { Variant = isAnnounced ? Announced : "silent" };
        }
    }

    private static IEnumerable<Plan> RegressionPlans(Subject subject, double[] budgets, string variant, Func<double, double> become)
    {
        int middle = subject.ByCost(subject.Established / 2);
        foreach (double budget in budgets)
        {
            yield return new Plan(Regression, budget, (train, test) =>
            {
                RoutingTask[][] thirds = Thirds(test);
                RoutingTask[] worse = Array.ConvertAll(thirds[1], task =>
                {
                    double[] quality = [.. task.Quality];
                    quality[middle] = become(quality[middle]);
                    return task with { Quality = quality };
                });
                return Learn(
                    subject, train, new Stretch(Before, thirds[0], subject.Established), new Stretch(Changed, worse, subject.Established) { SettledAfter = SettledAfter }, new Stretch(After, thirds[2], subject.Established));
            })
            { Variant = variant };
        }
    }

    /// <summary>The new arm's real outcomes at another price or of lower quality, so that what it is worth is beyond doubt.</summary>
    private static IEnumerable<Plan> NewArmPlans(Subject subject, double[] budgets, string variant, double quality, double price)
    {
        int joins = subject.Arms.Length - 1;
        Arm arm = subject.Arms[joins] with
        {
            InputUsdPerMillionTokens = PriceList.AtMost(subject.Arms[joins].InputUsdPerMillionTokens * price),
            OutputUsdPerMillionTokens = PriceList.AtMost(subject.Arms[joins].OutputUsdPerMillionTokens * price),
        };
        foreach (double budget in budgets)
        {
            yield return new Plan(NewArm, budget, (train, test) =>
            {
                RoutingTask[] half = test[..(test.Length / 2)], rest = Array.ConvertAll(test[(test.Length / 2)..], task => With(task, joins, quality, price));
                return Learn(
                    subject, train, new Stretch(Before, half, subject.Established),
                    new Stretch(Changed, rest, subject.Arms.Length) { Before = router => router.AddArm(arm), SettledAfter = SettledAfter });
            })
            { Variant = variant, HasNewArm = true };
        }
    }

    private static RoutingTask[][] Thirds(RoutingTask[] tasks)
    {
        int third = tasks.Length / 3;
        return [tasks[..third], tasks[third..(2 * third)], tasks[(2 * third)..(3 * third)]];
    }

    private static RoutingTask With(RoutingTask task, int arm, double quality, double price)
    {
        double[] qualities = [.. task.Quality], costs = [.. task.CostUsd];
        qualities[arm] *= quality;
        costs[arm] *= price;
        return task with { Quality = qualities, CostUsd = costs };
    }

    private static void Announce(BanditRouter router, int arm, double factor)
    {
        Arm former = router.ArmAt(arm);
        router.SetPrices(former.Id, former.InputUsdPerMillionTokens * factor, former.OutputUsdPerMillionTokens * factor);
    }
}
