using Bandits.Regret.Environments;
using Bandits.Regret.Policies;

namespace Bandits.Regret.Running;

/// <summary>What one policy came to in one environment.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Regrets">Regret at the horizon by seed.</param>
/// <param name="Curve">Mean regret and its error by checkpoint.</param>
internal sealed record Finding(PolicyEntry Policy, double[] Regrets, Figure[] Curve)
{
    public Figure Regret => Curve[^1];

    public int Seeds => Regrets.Length;

    /// <summary>Mean difference to another policy over the seeds that both have played: same seed, same rewards.</summary>
    public Figure Minus(Finding other)
    {
        var differences = new double[Math.Min(Seeds, other.Seeds)];
        for (int seed = 0; seed < differences.Length; seed++) differences[seed] = Regrets[seed] - other.Regrets[seed];
        return Figure.Of(differences);
    }
}

/// <summary>What all policies came to in one environment.</summary>
/// <param name="Instance">The environment.</param>
/// <param name="Checkpoints">Rounds played at each point of the curves.</param>
/// <param name="Findings">One for each policy, in the order asked for.</param>
/// <param name="Seconds">How long it took; printed on standard error alone, because it is not reproducible.</param>
internal sealed record Study(Instance Instance, int[] Checkpoints, IReadOnlyList<Finding> Findings, double Seconds)
{
    public Finding? Of(string policy) => Findings.FirstOrDefault(finding => finding.Policy.Name == policy);
}
