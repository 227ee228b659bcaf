using Bandits.Policies;

namespace Bandits.Benchmarks.Inputs;

/// <summary>A router that follows Thompson sampling over four arms in one segment, and beliefs of the same pseudo-counts for whoever draws from them bare.</summary>
internal sealed class SamplingTraffic
{
    public const int Arms = 4;

    private const int OutcomesBefore = 400;
    private const int Outcomes = 1024;
    private static readonly double[] s_rates = [0.62, 0.7, 0.66, 0.74];
    private readonly Outcome[] _outcomes = new Outcome[Arms * Outcomes];

    public SamplingTraffic(bool propensities)
    {
        var options = new RouterOptions { Dimensions = [], Strategy = Strategy.Performance, Policy = ThompsonPolicy.Instance, Propensities = propensities, FallbackToBaseline = false };
        for (int arm = 0; arm < Arms; arm++) options.Arms.Add(new Arm { Id = $"arm {arm}" });
        Router = new BanditRouter(options);
        var random = new Random(3);
        for (int i = 0; i < _outcomes.Length; i++) _outcomes[i] = new Outcome { Kind = random.NextDouble() < s_rates[i / Outcomes] ? OutcomeKind.Success : OutcomeKind.Failed };
        for (int i = 0; i < OutcomesBefore; i++)
        {
            Router.TryDecide(default, out Decision decision);
            Router.Record(decision, OutcomeOf(decision.Arm, i));
        }

        for (int arm = 0; arm < Arms; arm++)
        {
            Belief belief = Router.BeliefOf(default, arm);
            (Alphas[arm], Betas[arm]) = (belief.Alpha, belief.Beta);
        }
    }

    public BanditRouter Router { get; }

    public double[] Alphas { get; } = new double[Arms];

    public double[] Betas { get; } = new double[Arms];

    public ref readonly Outcome OutcomeOf(int arm, int n) => ref _outcomes[arm * Outcomes + (n & (Outcomes - 1))];
}
