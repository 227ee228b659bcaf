using Bandits.Routing.Experiments;

namespace Bandits.Routing.Reporting;

/// <summary>A promise and how this run keeps it.</summary>
/// <param name="Set">On which outcomes.</param>
/// <param name="Experiment">The experiment with its variant.</param>
/// <param name="Where">Budget and phase.</param>
/// <param name="Claim">What is promised.</param>
/// <param name="Figures">What was found.</param>
/// <param name="IsMet">Whether the means keep it.</param>
internal sealed record Goal(string Set, string Experiment, string Where, string Claim, string Figures, bool IsMet)
{
    private const double LeastSpent = 0.97;
    private const double MostSpent = 1.005;

    /// <summary>How far below the no-context bound quality may be.</summary>
    private const double BelowNoContext = 0.002;

    /// <summary>The part of the way from the shuffled to the area bound, where their gap exceeds <see cref="GapErrors"/> standard errors.</summary>
    private const double GapShare = 0.5;
    private const double GapErrors = 2;

    /// <summary>A gap that is nothing but rounding.</summary>
    private const double Rounding = 1e-9;

    private const double MostSpentInDrift = 1.01;

    /// <summary>The part of the way from the quality before an announced drop to the area bound after it.</summary>
    private const double DropShare = 0.95;

    private const double BelowNoContextInRegression = 0.005;
    private const double Recovered = 0.99;

    /// <summary>Most traffic of an arm that is rejected.</summary>
    private const double MostOfRejected = 0.01;

    private const double OverBestErrors = 2;
    private const double MostLostByShuffling = 0.001;

    /// <summary>The goals that this study can judge, of what a router that knows the areas did.</summary>
    public static IEnumerable<Goal> Of(Study study)
    {
        Finding[] ours = [.. study.Findings.Where(static f => f.Policy == Laboratory.Ours && f.Features == "area")];
        return
        [
            .. OfBudgets([.. ours.Where(static f => f.Experiment == Catalogue.Budgets)], study),
            .. OfPriceDrift([.. ours.Where(static f => f.Experiment == Catalogue.PriceDrift)], study),
            .. OfRegression([.. ours.Where(static f => f.Experiment == Catalogue.Regression)], study),
            .. OfNewArm([.. ours.Where(static f => f.Experiment == Catalogue.NewArm)], study),
            .. OfQuality(ours.FirstOrDefault(static f => f.Experiment == Catalogue.Quality), study),
        ];
    }

    private static IEnumerable<Goal> OfBudgets(Finding[] ours, Study study)
    {
        foreach (Finding f in ours)
        {
            Goal Is(string claim, string figures, bool isMet) => Judged(study, f, claim, figures, isMet);
            string spent = $"{Numbers.Ratio(f.CostOverBudget)}; p95 {Numbers.Ratio(f.CostOverBudgetHigh)}, worst {Laboratory.Window} decisions {Numbers.Ratio(f.WorstWindowOverBudget)}";
            double cheapest = study.Findings.First(other => other.Experiment == f.Experiment && other.Policy == Laboratory.Cheapest && other.BudgetUsd == f.BudgetUsd).CostOverBudget;
            if (f.BudgetUsd == ours.Min(static other => other.BudgetUsd))
                yield return Is($"cost / budget at most {Numbers.Ratio(Math.Max(MostSpent, cheapest))}: {MostSpent}, or what the cheapest model takes ({Numbers.Ratio(cheapest)})", spent, f.CostOverBudget <= Math.Max(MostSpent, cheapest));
            else if (f.Bounds.FreeAreaCostUsd > f.BudgetUsd)
                yield return Is($"cost / budget in [{LeastSpent}, {MostSpent}]", spent, f.CostOverBudget is >= LeastSpent and <= MostSpent);
            double least = f.Bounds.NoContext - BelowNoContext, gap = f.Bounds.Area - f.Bounds.Shuffled, half = f.Bounds.Shuffled + GapShare * gap;
            yield return Is($"quality at least {Numbers.Quality(least)}: the no-context bound - {BelowNoContext}", Numbers.Quality(f.MeanQuality), f.MeanQuality >= least);
            if (gap > Math.Max(GapErrors * f.Bounds.GapError, Rounding))
                yield return Is($"quality at least {Numbers.Quality(half)}: half of the way from the shuffled to the area bound", Numbers.Quality(f.MeanQuality), f.MeanQuality >= half);
        }
    }

    private static IEnumerable<Goal> OfPriceDrift(Finding[] ours, Study study)
    {
        foreach (Finding f in ours)
        {
            if (!f.Phase.StartsWith($"{Catalogue.Changed},", StringComparison.Ordinal))
            {
                yield return Judged(study, f, $"cost / budget at most {MostSpentInDrift}", Numbers.Ratio(f.CostOverBudget), f.CostOverBudget <= MostSpentInDrift);
                continue;
            }

            if (f.Variant != Catalogue.Announced) continue;
            double before = Sibling(ours, f, Catalogue.Before).MeanQuality, way = f.Bounds.Area - before;
            double least = before + DropShare * way;
            string figures = $"{Numbers.Quality(f.MeanQuality)}, {Numbers.Percent((f.MeanQuality - before) / way)} of the way";
            yield return Judged(study, f, $"quality at least {Numbers.Quality(least)}: {DropShare:P0} of the way from {Numbers.Quality(before)} before to the area bound {Numbers.Quality(f.Bounds.Area)}", figures, f.MeanQuality >= least);
        }
    }

    private static IEnumerable<Goal> OfRegression(Finding[] ours, Study study)
    {
        foreach (Finding f in ours)
        {
            if (f.Phase.StartsWith($"{Catalogue.Changed},", StringComparison.Ordinal))
            {
                double least = f.Bounds.NoContext - BelowNoContextInRegression;
                yield return Judged(study, f, $"quality at least {Numbers.Quality(least)}: the no-context bound - {BelowNoContextInRegression}", Numbers.Quality(f.MeanQuality), f.MeanQuality >= least);
            }

            if (f.Phase != Catalogue.After) continue;
            double former = Sibling(ours, f, Catalogue.Before).MeanQuality;
            yield return Judged(study, f, $"quality at least {Numbers.Quality(Recovered * former)}: {Recovered:P0} of phase {Catalogue.Before}", Numbers.Quality(f.MeanQuality), f.MeanQuality >= Recovered * former);
        }
    }

    private static IEnumerable<Goal> OfNewArm(Finding[] ours, Study study)
    {
        double even = 1.0 / study.Subject.Arms.Length;
        foreach (Finding f in ours)
        {
            double share = f.Shares[^1];
            bool isSettled = f.Phase.StartsWith($"{Catalogue.Changed},", StringComparison.Ordinal);
            if (f.Variant == Catalogue.GoodAndCheap && isSettled)
                yield return Judged(study, f, $"adopted: more than its even share of the traffic, {Numbers.Percent(even)}", Numbers.Percent(share), share > even);
            else if (f.Variant != Catalogue.GoodAndCheap && f.Phase == Catalogue.Changed)
                yield return Judged(study, f, $"rejected: at most {Numbers.Percent(MostOfRejected)} of the traffic, its trial included", Numbers.Percent(share), share <= MostOfRejected);
        }
    }

    /// <summary>Quality alone, on outcomes without costs.</summary>
    private static IEnumerable<Goal> OfQuality(Finding? ours, Study study)
    {
        if (ours is null || study.Subject.HasCosts) yield break;
        string best = study.Subject.Arms[ours.BestSingle.Arm].Id;
        yield return Judged(
            study, ours, $"better than the best single model, {best} {Numbers.Quality(ours.BestSingle.Quality)}, by {OverBestErrors:0} paired standard errors",
            $"{Numbers.Signed(ours.BestSingle.Over)} ± {Numbers.Quality(ours.BestSingle.OverError)}", ours.BestSingle.Over >= OverBestErrors * ours.BestSingle.OverError);
        Finding Of(string features) => study.Findings.First(f => f.Experiment == Catalogue.Quality && f.Features == features);
        Finding shuffled = Of(Laboratory.Shuffled), none = Of(Laboratory.Nothing);
        foreach ((string rival, double quality) in ((string, double)[])[("without labels", none.MeanQuality), ($"of {best} alone", shuffled.BestSingle.Quality)])
        {
            double least = quality - MostLostByShuffling;
            yield return Judged(study, shuffled, $"quality with shuffled labels at least {Numbers.Quality(least)}: that {rival} - {MostLostByShuffling}", Numbers.Quality(shuffled.MeanQuality), shuffled.MeanQuality >= least);
        }
    }

    private static Finding Sibling(Finding[] ours, Finding of, string phase) => ours.First(f => f.Variant == of.Variant && f.BudgetUsd == of.BudgetUsd && f.Phase == phase);

    private static Goal Judged(Study study, Finding f, string claim, string figures, bool isMet)
    {
        string where = double.IsInfinity(f.BudgetUsd) ? "any budget" : Numbers.Usd(f.BudgetUsd);
        return new Goal(study.Subject.Name, f.Name, f.Phase == "all" ? where : $"{where}, phase {f.Phase}", claim, figures, isMet);
    }
}
