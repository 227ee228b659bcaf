using Bandits.Regret.Environments;
using Bandits.Regret.Running;

namespace Bandits.Regret.Reporting;

/// <summary>One line of a report: a policy's regret beside the reference and beside a fixed policy of the same run.</summary>
/// <param name="Finding">The policy and its regret.</param>
/// <param name="Reference">The reference figure, if there is one.</param>
/// <param name="Deviations">Ours minus the reference, in combined standard errors.</param>
/// <param name="Difference">Paired difference to the study's yardstick; null for the yardstick itself.</param>
internal sealed record Comparison(Finding Finding, Figure? Reference, double? Deviations, Figure? Difference)
{
    /// <summary>Policies that paired differences are taken against, the first that was run: named beforehand, never the best of many.</summary>
    private static readonly string[] Yardsticks = ["adaptive", "thompson", "epsilon-greedy"];

    /// <summary>The finding that the others are compared with.</summary>
    public static Finding YardstickOf(Study study) => Yardsticks.Select(study.Of).FirstOrDefault(static finding => finding is not null) ?? study.Findings[0];

    /// <summary>The lines of a study, in the order asked for.</summary>
    public static IReadOnlyList<Comparison> Of(Study study)
    {
        Finding yardstick = YardstickOf(study);
        string environment = NamedEnvironments.Find(study.Instance.Name)?.Name ?? study.Instance.Name;
        return [.. study.Findings.Select(finding =>
        {
            Figure? reference = References.Of(environment, finding.Policy.Name, study.Instance.Horizon);
            return new Comparison(
                finding,
                reference,
                reference is { } r && finding.Seeds > 1 ? References.Deviations(finding.Regret, r) : null,
                ReferenceEquals(finding, yardstick) ? null : finding.Minus(yardstick));
        })];
    }
}
