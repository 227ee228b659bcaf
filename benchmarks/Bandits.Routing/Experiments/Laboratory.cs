using Bandits.Routing.Bounds;
using Bandits.Routing.Outcomes;
using Bandits.Routing.Running;

namespace Bandits.Routing.Experiments;

/// <summary>Plays plans, seed by seed, and puts the seeds together.</summary>
/// <remarks>Seeds share nothing but what is read, and means are taken afterwards in their order, so the figures do not depend on the number of threads.</remarks>
internal static class Laboratory
{
    /// <summary>Decisions over which the worst mean cost is sought.</summary>
    public const int Window = 100;

    /// <summary>The area of a task, what its prompt says, or both: the text then corrects what is expected of the area.</summary>
    public const string Area = "area";
    public const string Text = "text";
    public const string AreaAndText = "area+text";

    /// <summary>What is learnt from labels that were dealt out at random.</summary>
    public const string Shuffled = "shuffled";

    /// <summary>Nothing is known of a task.</summary>
    public const string Nothing = "none";

    /// <summary>Our policy, and the one that always takes the cheapest model.</summary>
    public const string Ours = "bandits";
    public const string Cheapest = "cheapest";

    /// <summary>Whether such a policy reads the prompts.</summary>
    public static bool IsOfText(string features) => features is Text or AreaAndText;

    /// <summary>One phase of one seed.</summary>
    /// <param name="Against">By arm: its mean quality, ours minus that, and the standard error of the difference, paired by task.</param>
    private sealed record Played(string Phase, string Policy, string Features, double Quality, double CostUsd, double Worst, double[] Shares, Hindsight Bounds, SingleModel[] Against);

    /// <summary>Plays one plan; the courses are those of our policy, where there is a budget.</summary>
    public static (IReadOnlyList<Finding> Findings, IReadOnlyList<Course> Courses) Run(Subject subject, Plan plan, IReadOnlyList<string> features, int seeds, int threads)
    {
        var played = new (List<Played> Phases, List<Walk> Walks)[seeds];
        Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = threads }, seed => played[seed] = Play(subject, plan, features, seed));
        var findings = new List<Finding>();
        for (int i = 0; i < played[0].Phases.Count; i++) findings.Add(Together(plan, Array.ConvertAll(played, seed => seed.Phases[i])));
        var courses = new List<Course>();
        for (int i = 0; i < features.Count && double.IsFinite(plan.BudgetUsd); i++) courses.Add(Course.Of(plan, features[i], subject.Arms.Length, Array.ConvertAll(played, seed => seed.Walks[i])));
        return (findings, courses);
    }

    private static Finding Together(Plan plan, Played[] seeds)
    {
        SingleModel[] against = [.. Enumerable.Range(0, seeds[0].Against.Length).Select(arm => new SingleModel(
            arm, seeds.Average(one => one.Against[arm].Quality), seeds.Average(one => one.Against[arm].Over), seeds.Average(one => one.Against[arm].OverError)))];
        return new Finding
        {
            Experiment = plan.Experiment,
            Variant = plan.Variant,
            Phase = seeds[0].Phase,
            BudgetUsd = plan.BudgetUsd,
            Policy = seeds[0].Policy,
            Features = seeds[0].Features,
            Quality = Array.ConvertAll(seeds, static one => one.Quality),
            CostUsd = Array.ConvertAll(seeds, static one => one.CostUsd),
            WorstWindowUsd = Array.ConvertAll(seeds, static one => one.Worst),
            Present = seeds[0].Against.Length,
            Shares = [.. Enumerable.Range(0, seeds[0].Shares.Length).Select(arm => seeds.Average(one => one.Shares[arm]))],
            Bounds = Hindsight.Mean(Array.ConvertAll(seeds, static one => one.Bounds)),
            BestSingle = against.MaxBy(static model => model.Quality)!,
        };
    }

    private static (List<Played> Phases, List<Walk> Walks) Play(Subject subject, Plan plan, IReadOnlyList<string> features, int seed)
    {
        (RoutingTask[] train, RoutingTask[] test) = subject.Deal(seed, plan.HasNewArm);
        List<Stretch> stretches = plan.StretchesOf(train, test);
        var phases = new List<Played>();
        var walks = new List<Walk>();
        foreach (string known in features)
        {
            PromptFeatures? prompts = IsOfText(known) ? subject.PromptsOf(seed, plan.HasNewArm) : null;
            var router = new BanditRouter(Runner.OptionsOf(subject.Arms[..subject.Established], plan.BudgetUsd, seed, prompts?.Count ?? 0));
            List<StretchResult> results = Runner.Run(known == Shuffled ? Mislabel(stretches, seed) : stretches, router, known is not (Nothing or Text), prompts).FindAll(static result => result.Stretch.IsReported);
            results.ForEach(result => Add(result, Ours, known));
            walks.Add(WalkOf(results));
        }

        if (plan.Experiment == Catalogue.Budgets)
        {
            int cheapest = subject.ByCost(0);
            foreach (Stretch stretch in stretches.Where(static stretch => stretch.IsReported)) Add(Always(stretch, cheapest), Cheapest, Nothing);
        }

        return (phases, walks);

        void Add(StretchResult result, string policy, string known)
        {
            phases.Add(Judge(subject, plan, result, policy, known, seed));
            if (result.Stretch.SettledAfter is > 0 and var first && first < result.Arms.Length) phases.Add(Judge(subject, plan, result.From(first), policy, known, seed));
        }
    }

    private static Walk WalkOf(List<StretchResult> results)
    {
        int[] starts = new int[results.Count];
        for (int i = 1; i < starts.Length; i++) starts[i] = starts[i - 1] + results[i - 1].Arms.Length;
        return new Walk(starts, [.. results.SelectMany(static result => result.Arms)], [.. results.SelectMany(static result => result.CostUsd)]);
    }

    private static List<Stretch> Mislabel(List<Stretch> stretches, int seed) => stretches.ConvertAll(stretch =>
    {
        string[] labels = Runner.Shuffle([.. stretch.Tasks.Select(static task => task.Area)], seed, 4);
        return stretch with { Tasks = [.. stretch.Tasks.Select((task, i) => task with { Area = labels[i] })] };
    });

    private static StretchResult Always(Stretch stretch, int arm) => new(
        stretch, Array.ConvertAll(stretch.Tasks, task => task.Quality[arm]), Array.ConvertAll(stretch.Tasks, task => task.CostUsd[arm]), [.. Enumerable.Repeat(arm, stretch.Tasks.Length)]);

    private static Played Judge(Subject subject, Plan plan, StretchResult result, string policy, string known, int seed)
    {
        double[] shares = [.. Enumerable.Range(0, subject.Arms.Length).Select(arm => result.Arms.Count(chosen => chosen == arm) / (double)result.Arms.Length)];
        SingleModel[] against = [.. Enumerable.Range(0, result.Stretch.Arms).Select(arm =>
        {
            (double over, double error) = MeanAndError([.. result.Stretch.Tasks.Select((task, i) => result.Quality[i] - task.Quality[arm])]);
            return new SingleModel(arm, result.Stretch.Tasks.Average(task => task.Quality[arm]), over, error);
        })];
        return new Played(
            result.Stretch.Phase, policy, known, result.Quality.Average(), result.CostUsd.Average(), result.WorstWindow(Window), shares, BoundsOf(plan, result.Stretch, seed), against);
    }

    private static Hindsight BoundsOf(Plan plan, Stretch stretch, int seed)
    {
        double[][] quality = Array.ConvertAll(stretch.Tasks, task => task.Quality[..stretch.Arms]);
        double[][] cost = Array.ConvertAll(stretch.Tasks, task => Array.ConvertAll(task.CostUsd[..stretch.Arms], static c => double.IsNaN(c) ? 0 : c));
        int[] group = AreasOf(stretch.Tasks), shuffled = Runner.Shuffle(group, seed, 3), each = [.. Enumerable.Range(0, group.Length)];
        SpendBound area = SpendBound.Of(quality, cost, group, plan.BudgetUsd), noise = SpendBound.Of(quality, cost, shuffled, plan.BudgetUsd);
        (_, double error) = MeanAndError([.. area.QualityByTask(quality, group).Zip(noise.QualityByTask(quality, shuffled), static (a, b) => a - b)]);
        return new Hindsight(
            SpendBound.Of(quality, cost, new int[group.Length], plan.BudgetUsd).Quality, area.Quality, noise.Quality, SpendBound.Of(quality, cost, each, plan.BudgetUsd).Quality, error,
            SpendBound.Of(quality, cost, group, double.PositiveInfinity).CostUsd);
    }

    /// <summary>The number of each task's area, in order of first appearance.</summary>
    public static int[] AreasOf(RoutingTask[] tasks)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return Array.ConvertAll(tasks, task =>
        {
            if (!numbers.TryGetValue(task.Area, out int number)) numbers.Add(task.Area, number = numbers.Count);
            return number;
        });
    }

    private static (double Mean, double Error) MeanAndError(double[] values)
    {
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length / Math.Max(1, values.Length - 1)));
    }
}
