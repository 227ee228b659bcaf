using System.Collections.Concurrent;
using Bandits.Routing.Outcomes;
using Bandits.Routing.Running;

namespace Bandits.Routing.Experiments;

/// <summary>One set of outcomes as the experiments see it: the arms, the tasks to learn from and those to be judged on.</summary>
internal sealed class Subject
{
    /// <summary>A model that has answered a smaller share of the tasks is not of the set.</summary>
    private const double LeastAnswered = 0.9;

    private readonly ConcurrentDictionary<(int Seed, bool WithNewArm), Lazy<PromptFeatures>> _prompts = new();

    /// <summary>Arms by column of the tasks, the new one last where there is one.</summary>
    public required Arm[] Arms { get; init; }

    /// <summary>Arms that take part from the beginning.</summary>
    public required int Established { get; init; }

    /// <summary>Tasks that are learnt from; null where the judged ones are halved.</summary>
    public required RoutingTask[]? Train { get; init; }

    public required RoutingTask[] Test { get; init; }

    /// <summary>The judged tasks that the new arm has answered too; null without a new arm.</summary>
    public RoutingTask[]? WithNewArm { get; init; }

    public required string Name { get; init; }

    /// <summary>Whether every outcome of the established arms has a cost, and one of them more than nothing.</summary>
    public required bool HasCosts { get; init; }

    /// <summary>Models and tasks that are left out, with the reason, one line each.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Reads the outcomes and decides who takes part.</summary>
    /// <remarks>
    /// Models that have answered every task of both files take part from the beginning. One model that has not, or one that is named, joins later; the tasks that it has not answered are then left out
    /// of that experiment alone. Where fewer than two have answered everything, those that have answered nearly everything take part, on the tasks that all of them have answered. Tasks with an answer
    /// of unknown cost are left out where they are few; where they are many costs are not looked at.
    /// </remarks>
    /// <param name="testFile">Outcomes to be judged on.</param>
    /// <param name="trainFile">Outcomes to learn from; null where the others are halved.</param>
    /// <param name="promptFiles">Texts of the prompts.</param>
    /// <param name="readsPrompts">Whether texts that lie beside the outcomes are read where none are named.</param>
    /// <param name="newArm">The model that joins; null for one that has not answered everything.</param>
    /// <exception cref="UsageException">A file cannot be read, or too little is left.</exception>
    public static Subject Read(string testFile, string? trainFile, IReadOnlyList<string> promptFiles, bool readsPrompts, string? newArm)
    {
        OutcomeSet test = OutcomeSet.Read(testFile);
        OutcomeSet? train = trainFile is null ? null : OutcomeSet.Read(trainFile);
        foreach (string file in promptFiles.Count > 0 || !readsPrompts ? promptFiles : PromptsBeside(testFile, trainFile))
        {
            test.ReadPrompts(file);
            train?.ReadPrompts(file);
        }

        double Answered(string model) => Math.Min(test.AnsweredBy(model), train?.AnsweredBy(model) ?? 1);
        string[] known = [.. test.Models.Where(model => Answered(model) >= LeastAnswered)], complete = [.. known.Where(model => Answered(model) == 1)];
        if (newArm is not null && !known.Contains(newArm)) throw new UsageException($"--new-arm is '{newArm}'; the models are {string.Join(", ", known)}.");
        string? joins = newArm ?? known.FirstOrDefault(model => !complete.Contains(model));
        string[] established = [.. complete.Where(model => model != joins)];
        if (established.Length < 2)
        {
            joins = newArm;
            established = [.. known.Where(model => model != joins)];
        }

        string files = trainFile is null ? $"'{testFile}'" : $"'{trainFile}' and '{testFile}'";
        if (established.Length < 2) throw new UsageException($"{files}: {established.Length} model(s) have answered at least {LeastAnswered:P0} of the tasks{(joins is null ? "" : ", the new arm aside")}; 2 or more are needed.");
        string[] models = joins is null ? established : [.. established, joins];
        RoutingTask[] judged = test.Restrict(established);
        RoutingTask[]? learnt = train?.Restrict(established);
        var leftOut = new List<string>(test.Models.Union(train?.Models ?? []).Except(models).Select(model => FormattableString.Invariant($"model '{model}' is left out: it has answered {Answered(model):P1} of the tasks.")));
        (judged, learnt) = (Costed(judged, testFile, leftOut), learnt is null ? null : Costed(learnt, trainFile!, leftOut));
        if (learnt is null ? judged.Length < 2 : judged.Length < 1 || learnt.Length < 1)
            throw new UsageException($"{files}: {judged.Length} task(s) to be judged on have an answer of every model{(learnt is null ? "; 2 or more are needed, half of them to learn from" : $", {learnt.Length} to learn from; 1 or more of each are needed")}.");
        var subject = new Subject
        {
            Name = test.Name,
            Arms = PriceList.ArmsOf(models, trainFile is null ? [testFile] : [trainFile, testFile], (train ?? test).Restrict(models)),
            Established = established.Length,
            Train = learnt,
            Test = judged,
            WithNewArm = joins is null ? null : Costed(test.Restrict(models), testFile, leftOut),
            HasCosts = HaveCosts([.. judged, .. learnt ?? []], established.Length),
            LeftOut = leftOut,
        };
        if (Runner.OptionsOf(subject.Arms, 1, 0).Validate() is [{ } fault, ..]) throw new UsageException($"{files}: {fault}");
        return subject;
    }

    /// <summary>The established arm of this rank by mean cost, 0 the cheapest.</summary>
    public int ByCost(int rank) => Enumerable.Range(0, Established).OrderBy(MeanCostOf).ElementAt(rank);

    public double MeanCostOf(int arm) => Test.Average(task => task.CostUsd[arm]);

    /// <summary>Number of tasks that one seed is judged on.</summary>
    public int Judged(bool withNewArm)
    {
        int tasks = (withNewArm ? WithNewArm! : Test).Length;
        return Train is null ? tasks - tasks / 2 : tasks;
    }

    /// <summary>The tasks of one seed, both parts in that seed's order.</summary>
    public (RoutingTask[] Train, RoutingTask[] Test) Deal(int seed, bool withNewArm)
    {
        RoutingTask[] test = withNewArm ? WithNewArm! : Test;
        if (Train is not null) return (Runner.Shuffle(Train, seed, 1), Runner.Shuffle(test, seed, 2));
        RoutingTask[] all = Runner.Shuffle(test, seed, 1);
        return (all[..(all.Length / 2)], all[(all.Length / 2)..]);
    }

    /// <summary>What is missing for features of the prompts' texts; null where nothing is.</summary>
    public string? LackOfPrompts()
    {
        RoutingTask[] tasks = [.. Test, .. Train ?? []], silent = Array.FindAll(tasks, static task => string.IsNullOrEmpty(task.Prompt));
        if (silent.Length > 0) return $"{silent.Length} of the {tasks.Length} tasks of '{Name}' have none, '{silent[0].Id}' for one; --tasks FILE gives them, one line a task: task_id, prompt";
        int learnt = Train?.Length ?? Math.Min(Test.Length, WithNewArm?.Length ?? Test.Length) / 2;
        return learnt < 2 ? $"'{Name}' has {learnt} task(s) to learn from, and it takes 2 or more" : null;
    }

    /// <summary>The features of the prompts that a seed plays, fitted to those that it learns from.</summary>
    public PromptFeatures PromptsOf(int seed, bool withNewArm) => _prompts.GetOrAdd(Train is null ? (seed, withNewArm) : (0, false), dealt => new Lazy<PromptFeatures>(() =>
    {
        (RoutingTask[] train, RoutingTask[] test) = Deal(dealt.Seed, dealt.WithNewArm);
        return new PromptFeatures(train, test);
    })).Value;

    /// <summary>Texts lie beside the outcomes, as prices do.</summary>
    private static IEnumerable<string> PromptsBeside(string testFile, string? trainFile)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal) { Path.GetDirectoryName(Path.GetFullPath(testFile))! };
        if (trainFile is not null) folders.Add(Path.GetDirectoryName(Path.GetFullPath(trainFile))!);
        return folders.SelectMany(static folder => (string[])[Path.Combine(folder, "tasks.jsonl.gz"), Path.Combine(folder, "tasks.jsonl")]).Where(File.Exists);
    }

    /// <summary>Where nearly every task says what all its answers cost, those tasks; all of them where fewer do, and then costs are not looked at.</summary>
    private static RoutingTask[] Costed(RoutingTask[] tasks, string file, List<string> leftOut)
    {
        RoutingTask[] costed = Array.FindAll(tasks, static task => Array.TrueForAll(task.CostUsd, double.IsFinite));
        if (costed.Length == tasks.Length || costed.Length < LeastAnswered * tasks.Length) return tasks;
        leftOut.Add($"{tasks.Length - costed.Length} of {tasks.Length} tasks of '{file}' are left out: an answer's cost is not known.");
        return costed;
    }

    private static bool HaveCosts(RoutingTask[] tasks, int arms) =>
        tasks.All(task => task.CostUsd.Take(arms).All(double.IsFinite)) && tasks.Any(task => task.CostUsd.Take(arms).Any(static cost => cost > 0));
}
