using Bandits.Numerics;

namespace Bandits.Tests.Support;

/// <summary>A stateful policy with a state, as a router would hold it: chooses among arms and learns.</summary>
internal sealed class Played(IStatefulPolicy policy, int arms, Objective objective)
{
    private RandomStream _random = Given.Random(77);

    public double[] State { get; set; } = new double[policy.HeaderLength + arms * policy.ArmLength];

    public Objective Objective { get; set; } = objective;

    public int Arms => (State.Length - policy.HeaderLength) / Math.Max(1, policy.ArmLength);

    public void AddArm() => State = [.. State, .. new double[policy.ArmLength]];

    public Choices ChoicesOf(params int[] eligible) =>
        new(eligible.Select(_ => new Belief(1, 1, 1, 0, 0)).ToArray(), eligible, 0) { State = State, Objective = Objective };

    public double[] Pmf(params int[] eligible)
    {
        if (eligible.Length == 0) eligible = [.. Enumerable.Range(0, Arms)];
        var pmf = new double[eligible.Length];
        Assert.True(policy.TryGetPmf(ChoicesOf(eligible), pmf));
        Assert.All(pmf, p => Assert.True(p >= 0 && double.IsFinite(p)));
        Assert.Equal(1, pmf.Sum(), 1e-12);
        return pmf;
    }

    public Feedback FeedbackOf(int arm, double quality, double propensity, double costUsd = 0, double latencySeconds = 0) => new()
    {
        Arm = arm,
        Arms = Arms,
        Quality = quality,
        CostUsd = costUsd,
        LatencySeconds = latencySeconds,
        Propensity = propensity,
        Objective = Objective,
    };

    public void Learn(int arm, double quality, double propensity = 1, double costUsd = 0, double latencySeconds = 0) =>
        policy.Learn(State, FeedbackOf(arm, quality, propensity, costUsd, latencySeconds));

    /// <summary>Draws from the pmf and learns a success with the chance of the arm.</summary>
    public int Step(params double[] means)
    {
        double[] pmf = Pmf();
        double u = _random.NextUnit();
        int arm = 0;
        while (arm < pmf.Length - 1 && (u -= pmf[arm]) >= 0) arm++;
        Learn(arm, _random.NextUnit() < means[arm] ? 1 : 0, pmf[arm], _random.NextUnit(), _random.NextUnit() * 10);
        return arm;
    }
}
