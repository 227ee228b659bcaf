namespace Bandits.Regret.Environments;

/// <summary>An environment of the standing set.</summary>
/// <param name="Name">What <c>--environment</c> and the reports call it.</param>
/// <param name="About">What it shows, one line.</param>
/// <param name="Text">The environment in the grammar.</param>
/// <param name="Seeds">Seeds of a full run.</param>
internal sealed record NamedEnvironment(string Name, string About, string Text, int Seeds)
{
    /// <summary>The policies of a full run; null for all.</summary>
    public string[]? Policies { get; init; }

    /// <summary>Whether a quick run has it.</summary>
    public bool IsQuick { get; init; }

    /// <summary>The set of real outcomes it needs, which may be absent; null for none.</summary>
    public string? RealSet { get; init; }
}

/// <summary>The standing set, in the order of the report.</summary>
internal static class NamedEnvironments
{
    private const int Many = 1000;
    private const int Usual = 200;
    private const int Few = 20;

    /// <summary>Arms of few good ones among many poor ones; also what the segments share.</summary>
    private const string Sparse = "0.1,0.05x3,0.02x3,0.01x3";

    private const string SparseReversed = "0.01x3,0.02x3,0.05x3,0.1";

    public static IReadOnlyList<NamedEnvironment> All { get; } =
    [
        new("i", "two good arms, close", "bernoulli:0.9,0.8", Many) { IsQuick = true },
        new("ii", "ten arms, all rarely successful", $"bernoulli:{Sparse}", Many) { IsQuick = true },
        new("iii", "nine arms, evenly spread", "bernoulli:0.1..0.9x9", Usual),
        new("iv", "five phases", "piecewise:0.3,0.5,0.9;0.3,0.2,0.9;0.3,0.2,0.1;0.7,0.2,0.1;0.7,0.5,0.1@2000", Many) { IsQuick = true },
        new("hidden-riser", "an arm becomes best while nobody plays it", "piecewise:0.7,0.3,0.2;0.7,0.3,0.95@5000", Usual) { IsQuick = true },
        new("gaussian", "normal rewards clipped to [0, 1]", "gaussian:0.5/0.2,0.55/0.1,0.6/0.2,0.4/0.05", Usual),
        new("graded", "grades, Beta distributed", "graded:0.6/8,0.65/8,0.7/8,0.5/2", Usual),
        new("cost-lognormal", "heavy-tailed cost: quality has its price", "lognormal:0.6/0.05,0.8/0.2,0.9/0.45,0.7/0.08", Usual),
        new("cost-pareto", "cost of infinite variance", "pareto:0.6/0.05,0.8/0.2,0.9/0.45,0.7/0.08", Usual),
        new("delay-fixed", "every outcome 100 decisions late", "bernoulli:0.9,0.8,0.7,0.6+delay=fixed/100", Usual),
        new("delay-geometric", "outcomes late by a geometric number of decisions", "bernoulli:0.9,0.8,0.7,0.6+delay=geometric/100", Usual),
        new("delay-lost", "a fifth of the outcomes never comes", "bernoulli:0.9,0.8,0.7,0.6+delay=geometric/20+lost=0.2", Usual),
        new("delay-outcome", "failures return sooner than successes", "bernoulli:0.9,0.8,0.7,0.6+delay=outcome/10/200", Usual),
        new("arms-come-and-go", "a better arm arrives, the best one leaves", "bernoulli:0.5,0.7,0.6,0.8,0.9+arrive=3@2000,4@5000+leave=4@8000", Usual),
        new("adversarial", "a stochastically constrained adversary", "adversarial:8/0.125/1.6", Usual),
        new("thousand-arms", "1,000 arms", "bernoulli:0.1..0.9x1000", Few)
        {
            Policies =
            [
                "uniform", "epsilon-greedy", "ucb1", "moss", "kl-ucb", "kl-ucb+", "kl-ucb++", "kl-moss", "imed", "thompson", "tsallis-inf", "adaptive", "adaptive-drift", "learning",
            ],
        },
        new("segments-alike", "two segments of the same structure: pooling must win", $"bernoulli:{Sparse}|{Sparse}", Usual) { Policies = Pooled },
        new("segments-unlike", "two segments of opposite structure: pooling must not lose", $"bernoulli:{Sparse}|{SparseReversed}", Usual)
        {
            Policies = Pooled,
        },
        new("paretobandit", "real grades of real models", "outcomes:paretobandit-val", Usual) { RealSet = "paretobandit-val" },
        new("paretobandit-cost", "the same by area, with the real cost; a success is worth $0.05", "outcomes:paretobandit-val+areas+value=0.05", Usual)
        {
            RealSet = "paretobandit-val",
        },
        new("routellm", "real correctness of two real models, by area", "outcomes:routellm+areas", Usual) { RealSet = "routellm" },
    ];

    private static string[] Pooled =>
    [
        "thompson", "thompson/pooled", "kl-ucb", "kl-ucb/pooled", "adaptive", "adaptive/pooled", "epsilon-greedy", "epsilon-greedy/pooled",
        "learning", "learning/pooled", "uniform",
    ];

    /// <summary>The environment of this name or text, or null.</summary>
    public static NamedEnvironment? Find(string nameOrText) => All.FirstOrDefault(e => e.Name == nameOrText || e.Text == nameOrText);
}
