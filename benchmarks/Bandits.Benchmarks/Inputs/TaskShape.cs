namespace Bandits.Benchmarks.Inputs;

/// <summary>What of a made-up task is a name: where it belongs, who did it, how it came out.</summary>
internal readonly record struct TaskShape
{
    private static readonly string[] s_areas = ["core", "api", "tests", "docs", "services", "math"];
    private static readonly string[] s_risks = ["low", "medium", "high"];
    private static readonly string[] s_complexities = ["trivial", "small", "medium", "large"];
    private static readonly string[] s_outcomes = ["failed", "partial", "human_review", "cancelled"];
    private static readonly string?[] s_errors = ["timeout", "test_failure", "lint_error", "rate_limit", "syntax_error", null];
    private static readonly double[] s_scales = [0.4, 0.8, 1.5, 3.2];

    public required string Area { get; init; }

    public required string Risk { get; init; }

    public required string Complexity { get; init; }

    public required LogModel Planner { get; init; }

    public required LogModel Implementer { get; init; }

    public required string Outcome { get; init; }

    public required string? Error { get; init; }

    /// <summary>Size of the task relative to a typical one.</summary>
    public required double Scale { get; init; }

    public bool IsSuccess => Outcome == "success";

    public static TaskShape Draw(Random random)
    {
        int risk = Weighted(random, [50, 35, 15]), complexity = Weighted(random, [20, 38, 30, 12]);
        LogModel planner = LogModel.All[Weighted(random, [25, 25, 4, 26, 10, 4, 4, 2])];
        LogModel implementer = LogModel.All[Weighted(random, [30, 8, 18, 16, 14, 7, 5, 2])];
        bool succeeds = random.NextDouble() < Math.Clamp(implementer.SuccessRate - 0.07 * risk - 0.05 * (complexity - 1), 0.05, 0.995);
        string outcome = succeeds ? "success" : s_outcomes[Weighted(random, [62, 18, 15, 5])];
        return new TaskShape
        {
            Area = s_areas[Weighted(random, [32, 24, 18, 13, 8, 5])],
            Risk = s_risks[risk],
            Complexity = s_complexities[complexity],
            Planner = planner,
            Implementer = implementer,
            Outcome = outcome,
            Error = outcome == "failed" ? s_errors[Weighted(random, [30, 28, 15, 12, 10, 5])] : null,
            Scale = s_scales[complexity],
        };
    }

    private static int Weighted(Random random, ReadOnlySpan<int> weights)
    {
        int all = 0, chosen = 0;
        foreach (int weight in weights) all += weight;
        for (int left = random.Next(all); left >= weights[chosen]; chosen++) left -= weights[chosen];
        return chosen;
    }
}
