namespace Bandits.Extensions;

/// <summary>Detection of arms that change everywhere, in configuration; see <see cref="ArmDriftDetection"/>. What is left out has its default.</summary>
public sealed class ArmDriftOptions
{
    /// <inheritdoc cref="ArmDriftDetection.Components"/>
    public OutcomeComponents? Components { get; set; }

    /// <inheritdoc cref="ArmDriftDetection.OutcomesPerFalseAlarm"/>
    public double? OutcomesPerFalseAlarm { get; set; }

    /// <inheritdoc cref="ArmDriftDetection.ProbingShare"/>
    public double? ProbingShare { get; set; }

    /// <inheritdoc cref="ArmDriftDetection.ProbingDecisions"/>
    public int? ProbingDecisions { get; set; }

    internal ArmDriftDetection ToDetection()
    {
        var detection = new ArmDriftDetection();
        return new ArmDriftDetection
        {
            Components = Components ?? detection.Components,
            OutcomesPerFalseAlarm = OutcomesPerFalseAlarm ?? detection.OutcomesPerFalseAlarm,
            ProbingShare = ProbingShare ?? detection.ProbingShare,
            ProbingDecisions = ProbingDecisions ?? detection.ProbingDecisions,
        };
    }
}
