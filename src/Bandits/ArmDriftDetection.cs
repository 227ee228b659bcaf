using Bandits.Statistics;

namespace Bandits;

/// <summary>
/// Detection of arms that change in all segments at once: a model is replaced behind its name, a price moves. What one cell would notice after dozens of outcomes, all cells together notice
/// after a few.
/// </summary>
/// <remarks>
/// What is watched is how far outcomes lie from what was predicted when their decisions were made, relative to how far they usually lie from it, so it adapts to each arm's variance. A change of
/// quality restarts the arm in every segment (<see cref="BanditRouter.Restart"/>); one for the worse also has it probed where there is a <see cref="RouterOptions.Budget"/>, so that recovery is noticed; without one that is left to the policy's exploration. A change of the price level restates what the arm has cost so far.
/// Beside it, <see cref="RouterOptions.Drift"/> watches each cell.
/// </remarks>
public sealed record ArmDriftDetection
{
    /// <summary>Costs have heavy tails, and two outcomes in a row are to show a price fifty times as high: run lengths computed for a normal law are taken so much longer.</summary>
    private const double HeavyTails = 10;

    /// <summary>Components that are watched: quality, cost or both.</summary>
    /// <value>quality and cost</value>
    public OutcomeComponents Components { get; init; } = OutcomeComponents.Quality | OutcomeComponents.Cost;

    /// <summary>
    /// Outcomes of an arm between two false alarms of one component, on average, in [100, 1e8]: for quality at least so many, whatever the law of independent deviations from what was predicted; for cost as computed for a normal law, and ten times that, as costs have heavy tails.
    /// While an arm is probed because it got worse, a rise is looked for much closer, with a false alarm in about 70 outcomes that costs a few tries.
    /// </summary>
    /// <value>25,000 outcomes</value>
    public double OutcomesPerFalseAlarm { get; init; } = 25_000;

    /// <summary>Probability with which an arm that has changed for the worse is tried nevertheless, in [0, 0.5], but no more than takes a tenth of the budget; without a budget nothing is probed.</summary>
    /// <value>0.1</value>
    public double ProbingShare { get; init; } = 0.1;

    /// <summary>Decisions for which it is probed, in [0, 1e9].</summary>
    /// <value>1,500 decisions</value>
    public int ProbingDecisions { get; init; } = 1500;

    internal void Validate(List<string> faults)
    {
        Fault.Check(faults, Components is > OutcomeComponents.None and <= (OutcomeComponents.Quality | OutcomeComponents.Cost), "ArmDrift.Components", (int)Components, "quality, cost or both");
        Fault.Check(faults, OutcomesPerFalseAlarm is >= 100 and <= 1e8, "ArmDrift.OutcomesPerFalseAlarm", OutcomesPerFalseAlarm, "[100, 1e8] outcomes");
        Fault.Check(faults, ProbingShare is >= 0 and <= 0.5, "ArmDrift.ProbingShare", ProbingShare, "[0, 0.5]");
        Fault.Check(faults, ProbingDecisions is >= 0 and <= 1_000_000_000, "ArmDrift.ProbingDecisions", ProbingDecisions, "[0, 1e9] decisions");
    }

    /// <summary>The detector of an arm's quality.</summary>
    internal ShiftDetector Quality => new(OutcomesPerFalseAlarm, priorDeviation: 0.2, slack: 0.4, clip: 3, isBounded: true);

    /// <summary>The detector of an arm's price level, on the logarithm of cost over expected cost.</summary>
    internal ShiftDetector Cost => new(HeavyTails * OutcomesPerFalseAlarm, priorDeviation: 0.6, slack: 0.75, clip: 5, isBounded: false);
}
