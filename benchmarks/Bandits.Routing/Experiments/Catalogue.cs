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

    /// <summary>What an experiment consists of; empty where the outcomes do not allow it.</summary>
    public static IEnumerable<Plan> Of(string name, Subject subject, double[]? budgets)
    {
        if (name == Quality) return [new Plan(Quality, double.PositiveInfinity, (train, test) => Learn(subject, train, new Stretch("all", test, subject.Established)))];
        if (!subject.HasCosts || subject.Established < 2) return [];
        return name switch
        {
            Budgets => (budgets ?? Geometric(subject)).Select(budget => new Plan(Budgets, budget, (train, test) => Learn(subject, train, new Stretch("all", test, subject.Established)))),
            PriceDrift => [.. PricePlans(subject, budgets ?? DriftBudgets, false), .. PricePlans(subject, budgets ?? DriftBudgets, true)],
            Regression when subject.Established >= 3 =>
            [
                .. RegressionPlans(subject, budgets ?? DriftBudgets, "to 0.75", static _ => RegressedTo),
                .. RegressionPlans(subject, budgets ?? DriftBudgets, "by 0.17", static quality => Math.Max(0, quality - RegressedBy)),
            ],
            NewArm when subject.WithNewArm is not null =>
            [
                .. NewArmPlans(subject, budgets ?? DriftBudgets, "good and cheap", 1, 0.25),
                .. NewArmPlans(subject, budgets ?? DriftBudgets, "bad and cheap", 0.6, 0.25),
                .. NewArmPlans(subject, budgets ?? DriftBudgets, "good and dear", 1, 40),
            ],
            _ => [],
        };
    }

    private static double[] Geometric(Subject subject)
    {
        double least = subject.MeanCostOf(subject.ByCost(0)), most = subject.MeanCostOf(subject.ByCost(subject.Established - 1));
        return [.. Enumerable.Range(0, StationaryBudgets).Select(i => least * Math.Pow(most / least, i / (StationaryBudgets - 1.0)))];
    }

    private static List<Stretch> Learn(Subject subject, RoutingTask[] train, params IEnumerable<Stretch> judged) => [new Stretch("learning", train, subject.Established) { IsReported = false }, .. judged];

    private static IEnumerable<Plan> PricePlans(Subject subject, double[] budgets, bool isAnnounced)
    {
        int dearest = subject.ByCost(subject.Established - 1);
        foreach (double budget in budgets)
        {
            yield return new Plan(isAnnounced ? "price-drift announced" : "price-drift silent", budget, (train, test) =>
            {
                RoutingTask[][] thirds = Thirds(test);
                RoutingTask[] cheap = Array.ConvertAll(thirds[1], task => With(task, dearest, 1, 1 / PriceDrop));
                return Learn(
                    subject, train,
                    new Stretch("1", thirds[0], subject.Established),
                    new Stretch("2", cheap, subject.Established) { Before = isAnnounced ? router => Announce(router, dearest, 1 / PriceDrop) : null, SettledAfter = AnnouncedSettledAfter },
                    new Stretch("3", thirds[2], subject.Established) { Before = isAnnounced ? router => Announce(router, dearest, PriceDrop) : null });
            });
        }
    }

    private static IEnumerable<Plan> RegressionPlans(Subject subject, double[] budgets, string variant, Func<double, double> become)
    {
        int middle = subject.ByCost(subject.Established / 2);
        foreach (double budget in budgets)
        {
            yield return new Plan($"regression {variant}", budget, (train, test) =>
            {
                RoutingTask[][] thirds = Thirds(test);
                RoutingTask[] worse = Array.ConvertAll(thirds[1], task =>
                {
                    double[] quality = [.. task.Quality];
                    quality[middle] = become(quality[middle]);
                    return task with { Quality = quality };
                });
                return Learn(
                    subject, train, new Stretch("1", thirds[0], subject.Established), new Stretch("2", worse, subject.Established) { SettledAfter = SettledAfter }, new Stretch("3", thirds[2], subject.Established));
            });
        }
    }

    /// <summary>The new arm's real outcomes at another price or of lower quality, so that what it is worth is beyond doubt.</summary>
    private static IEnumerable<Plan> NewArmPlans(Subject subject, double[] budgets, string variant, double quality, double price)
    {
        int joins = subject.Arms.Length - 1;
        Arm arm = subject.Arms[joins] with
        {
            InputUsdPerMillionTokens = subject.Arms[joins].InputUsdPerMillionTokens * price,
            OutputUsdPerMillionTokens = subject.Arms[joins].OutputUsdPerMillionTokens * price,
        };
        foreach (double budget in budgets)
        {
            yield return new Plan($"new-arm {variant}", budget, (train, test) =>
            {
                RoutingTask[] half = test[..(test.Length / 2)], rest = Array.ConvertAll(test[(test.Length / 2)..], task => With(task, joins, quality, price));
                return Learn(
                    subject, train, new Stretch("1", half, subject.Established),
                    new Stretch("2", rest, subject.Arms.Length) { Before = router => router.AddArm(arm), SettledAfter = SettledAfter });
            }) { HasNewArm = true };
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
