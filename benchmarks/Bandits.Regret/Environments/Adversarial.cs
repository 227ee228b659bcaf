namespace Bandits.Regret.Environments;

/// <summary><c>adversarial:ARMS/GAP/GROWTH</c>: a stochastically constrained adversary.</summary>
/// <remarks>
/// Source: Zimmert and Seldin (2021), Tsallis-INF, JMLR 22, section 6. The last arm is better by GAP in every round, but all means jump between the bottom of
/// [0, 1] (the rest 0, the best GAP) and its top (1 - GAP and 1), in phases whose lengths grow by GROWTH. Evidence of different arms then comes from different
/// times, which misleads policies that take rewards for identically distributed.
/// </remarks>
internal static class Adversarial
{
    public const string Name = "adversarial";

    public const string About = "ARMS[/GAP[/GROWTH]]: the last arm is better by GAP (0.125) in every round, but all means jump between the bottom and the top "
        + "of [0, 1], in phases that grow by GROWTH (1.6)";

    public static IReadOnlyList<Parameter> Parameters { get; } =
        [new("number of arms", 2, 65535), new("gap", 0, 1, 0.125, true), new("growth", 1.01, 100, 1.6)];

    public static IReadOnlyList<Phase> Phases(int arms, double gap, double growth, int horizon)
    {
        var phases = new List<Phase>();
        double length = 1, start = 0;
        for (bool isTop = false; start < horizon; isTop = !isTop)
        {
            double floor = isTop ? 1 - gap : 0;
            var laws = new Law[arms];
            for (int arm = 0; arm < arms; arm++) laws[arm] = new BernoulliLaw(arm == arms - 1 ? floor + gap : floor);
            phases.Add(new Phase((int)start, laws));
            length *= growth;
            start += Math.Ceiling(length);
        }

        return phases;
    }
}
