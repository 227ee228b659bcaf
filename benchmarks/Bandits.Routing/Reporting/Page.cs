using System.Globalization;
using Bandits.Benchmarks.Report;
using Bandits.Routing.Experiments;

namespace Bandits.Routing.Reporting;

/// <summary>Writes <c>docs/routing.md</c>.</summary>
internal static class Page
{
    /// <summary>Budgets that differ by less are the same as a published one.</summary>
    private const double SameBudget = 0.05;

    private static readonly Dictionary<string, string> About = new(StringComparer.Ordinal)
    {
        [Catalogue.Budgets] = "The budget stays, prices and models too. At the lowest budget only the cheapest model can be paid; at the highest the bound by area would not spend all of it.",
        [Catalogue.PriceDrift] = "Three phases of equal length. In phase 2 the dearest model costs a 56th, in phase 3 what it did before. \"Announced\" means that the router is told the new list price as it changes; "
            + "\"silent\" that it sees nothing but the costs of what it chooses.",
        [Catalogue.Regression] = "Three phases of equal length. In phase 2 every answer of the middle model is worth 0.75, or, in the other variant, 0.17 less than it was, which keeps its noise. Nobody tells the router.",
        [Catalogue.NewArm] = "Halfway a model joins of which the router knows the price alone: its real outcomes at a quarter of their cost (good and cheap), at a quarter of their cost and 0.6 of their quality "
            + "(bad and cheap), or at 40 times their cost (good and dear).",
        [Catalogue.Quality] = "No budget: quality is all that counts. The router knows the area of a task, what its prompt says, nothing, or a label that was dealt out at random, as many of each kind as there are areas.",
    };

    /// <param name="to">Where it goes.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="machine">What it was taken on.</param>
    /// <param name="studies">What was found, with its pictures.</param>
    /// <param name="folder">Folder of the pictures as seen from the page.</param>
    /// <param name="notes">What was left out.</param>
    public static void Write(TextWriter to, RunOptions options, Machine machine, IReadOnlyList<(Study Study, IReadOnlyList<Picture> Pictures)> studies, string folder, IReadOnlyList<string> notes)
    {
        to.WriteLine($"""
            # Routing real prompts under a budget

            Written by `benchmarks/Bandits.Routing`; do not edit. To take the figures again, bit for bit, whatever the number of threads:

            ```
            dotnet run -c Release --project benchmarks/Bandits.Routing -- {options.CommandLine}
            ```

            | | |
            |---|---|
            | SDK, runtime | {machine.Sdk}, {machine.Runtime} |
            | system | {machine.OperatingSystem}, {machine.Processor} |
            | commit | {machine.Commit} |
            | seeds | {options.Seeds} |

            Every prompt was really answered by every model; quality is what a judge gave each answer, cost what it cost. A seed deals the prompts anew: the router learns from one half (or from `--train`), one choice a prompt, and
            is judged on the other half while it goes on learning. It is told quality and cost of the model that it chose and nothing of the others. It is a `BanditRouter` with `Strategy.Budgeted` and default options, told
            list prices and the budget, and of a task what the table says that it knows: "area", "text" (features of the prompt's text, see below), both, or "none".

            Beside each figure stands what could have been had in hindsight on the very prompts judged, spending no more: the exact solution of a linear program that treats all prompts alike (no context), all of an area alike
            (by area), or each by itself (by prompt). Bounds that know more overfit more; how much of the area bound is that shows the same bound over shuffled labels. Quality is the mean over seeds with a 95 % bootstrap
            interval. Seeds share their prompts, so the interval says how much luck of order and choice is in a figure, not what other prompts would give. Cost / budget is the mean over seeds, "p95" the 95th percentile of seeds,
            "worst 100" the dearest 100 decisions in a row of any seed.

            """);
        WriteGoals(to, [.. studies.SelectMany(static one => Goal.Of(one.Study))]);
        foreach ((Study study, IReadOnlyList<Picture> pictures) in studies) Describe(to, study, pictures, folder, studies.Count > 1);
        WriteTexts(to, [.. studies.Select(static one => one.Study)]);
        foreach (string note in notes) to.WriteLine($"- Not played: {note}");
        if (notes.Count > 0) to.WriteLine();
        WritePublished(to, [.. studies.SelectMany(static one => one.Study.Findings)]);
    }

    private static void WriteGoals(TextWriter to, Goal[] goals)
    {
        if (goals.Length == 0) return;
        to.WriteLine("## Goals");
        to.WriteLine();
        to.WriteLine($"{goals.Count(static goal => goal.IsMet)} of {goals.Length} are met. Each is judged by the mean over seeds alone. A model that joins is taken to be adopted when it gets more than an even share. In phases as short as these most of what the area bound "
            + "has over the no-context bound is overfitting, as the bound over shuffled labels shows.");
        to.WriteLine();
        WriteTable(to, ["set", "experiment", "USD a decision", "goal", "found", "verdict"], [.. goals.Select(static goal => (string[])
            [goal.Set, goal.Experiment, goal.Where, goal.Claim, goal.Figures, goal.IsMet ? "met" : "**missed**"])], 6);
    }

    private static void Describe(TextWriter to, Study study, IReadOnlyList<Picture> pictures, string folder, bool isOneOfMany)
    {
        foreach (IGrouping<string, Finding> experiment in study.Findings.GroupBy(static finding => finding.Experiment))
        {
            to.WriteLine($"## {experiment.Key}{(isOneOfMany ? $" on {study.Subject.Name}" : "")}");
            to.WriteLine();
            to.WriteLine(About[experiment.Key]);
            to.WriteLine();
            foreach (Picture picture in pictures.Where(picture => picture.Experiment == experiment.Key))
            {
                to.WriteLine($"![{picture.Text}]({folder}/{picture.Name}.svg)");
                to.WriteLine();
            }

            double lowest = experiment.Min(static finding => finding.BudgetUsd);
            foreach (IGrouping<string, Finding> variant in experiment.GroupBy(static finding => finding.Variant))
            {
                if (variant.Key.Length > 0)
                {
                    to.WriteLine($"### {experiment.Key}, {variant.Key}");
                    to.WriteLine();
                }

                (string[] header, string[][] rows) = Columns.Of([.. variant.Where(finding => finding.Policy != Laboratory.Cheapest || finding.BudgetUsd == lowest)]);
                WriteTable(to, header, rows, 3);
            }

            to.WriteLine($"Traffic: shares of {string.Join(", ", study.Subject.Arms.Take(experiment.Key == Catalogue.NewArm ? study.Subject.Arms.Length : study.Subject.Established).Select(static arm => arm.Id))}.");
            to.WriteLine();
        }
    }

    /// <summary>What knowing the text is worth, beside knowing the area.</summary>
    private static void WriteTexts(TextWriter to, Study[] studies)
    {
        var rows = new List<string[]>();
        foreach (Study study in studies)
        {
            foreach (Finding area in study.Findings.Where(static f => f.Policy == Laboratory.Ours && f.Features == Laboratory.Area && f.Experiment is Catalogue.Budgets or Catalogue.Quality))
            {
                foreach (string known in (string[])[Laboratory.AreaAndText, Laboratory.Text])
                {
                    if (study.Findings.FirstOrDefault(f => (f.Policy, f.Features, f.Experiment, f.BudgetUsd) == (area.Policy, known, area.Experiment, area.BudgetUsd)) is not { } text) continue;
                    double[] over = [.. text.Quality.Zip(area.Quality, static (one, other) => one - other)];
                    (double low, double high) = Bootstrap.Interval(over);
                    rows.Add([study.Subject.Name, Numbers.Budget(area.BudgetUsd), known, Numbers.Quality(area.MeanQuality), Numbers.Quality(text.MeanQuality), Numbers.Signed(over.Average()),
                        $"{Numbers.Signed(low)} to {Numbers.Signed(high)}", Numbers.Ratio(area.CostOverBudget), Numbers.Ratio(text.CostOverBudget)]);
                }
            }
        }

        if (rows.Count == 0) return;
        to.WriteLine("""
            ## What the text of a prompt adds

            `TextFeatures` with their defaults, fitted to the prompts of the half that is learnt from and then frozen, and a `LinearModel` with a ridge of 100 that corrects what the segment expects (`FeatureModelUse.Correct`): the segment of the
            area, or, with text alone, one segment for all. The difference is text less area, paired by seed, with a 95 % bootstrap interval over seeds: it says how much luck of order and choice is in it, not what other prompts would give. A few of so many
            intervals miss 0 by luck.

            """);
        WriteTable(to, ["set", "USD a decision", "knows", "quality, area", "quality", "difference", "95 %", "cost/budget, area", "cost/budget"], [.. rows], 3);
    }

    private static void WritePublished(TextWriter to, Finding[] findings)
    {
        Finding? Ours(Published published) => Array.Find(findings, f =>
            f.Features == Laboratory.Area && f.Experiment == Catalogue.Budgets && f.Policy == Laboratory.Ours && Math.Abs(f.BudgetUsd / published.BudgetUsd - 1) < SameBudget);
        if (!Published.Budgets.Any(published => Ours(published) is not null)) return;
        to.WriteLine("""
            ## Published figures, for orientation

            ParetoBandit ([arXiv:2604.00136](https://arxiv.org/abs/2604.00136)) reported these qualities at the same budgets, but **on other prompts**: the columns cannot be compared digit by digit, only their shape can. The last two
            columns, a no-context bound and a prototype of 60 lines, are what this project was given to measure itself by.

            """);
        WriteTable(to, ["USD a decision", "published", "ours", "our no-context bound", "no-context bound given", "prototype"], [.. Published.Budgets.Select(published => (string[])
        [
            Numbers.Usd(published.BudgetUsd), published.Quality.ToString("0.000", CultureInfo.InvariantCulture), Ours(published) is { } ours ? Numbers.Quality(ours.MeanQuality) : "",
            Ours(published) is { } same ? Numbers.Quality(same.Bounds.NoContext) : "", published.NoContext.ToString("0.000", CultureInfo.InvariantCulture),
            published.Prototype.ToString("0.000", CultureInfo.InvariantCulture),
        ])], 0);
        to.WriteLine("In the other experiments it reported: cost / budget up to 1.04 in a phase of changed prices, and a quality of .7947 to .8004 after the silent regression, against no-context bounds of .806 to .820.");
    }

    /// <param name="to">Where it goes.</param>
    /// <param name="header">Names of the columns.</param>
    /// <param name="rows">The cells.</param>
    /// <param name="texts">Columns from the left that hold text; the rest are numbers.</param>
    private static void WriteTable(TextWriter to, string[] header, string[][] rows, int texts)
    {
        to.WriteLine($"| {string.Join(" | ", header)} |");
        to.WriteLine($"|{string.Concat(header.Select((_, i) => i < texts ? "---|" : "---:|"))}");
        foreach (string[] row in rows) to.WriteLine($"| {string.Join(" | ", row)} |");
        to.WriteLine();
    }
}
