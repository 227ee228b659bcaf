namespace Bandits;

/// <summary>Whether it is known which arm is best in a segment, and how far the evidence is from saying so.</summary>
/// <param name="ArmId">Id of the best arm so far; null where no arm is enabled.</param>
/// <param name="IsSettled">Whether it is known, at the chance of error that was asked for.</param>
/// <param name="Statistic">Likelihood ratio against the arm that is closest to keeping the question open, nats.</param>
/// <param name="Threshold">What it has to exceed, nats; counts the arms and holds however often one looks.</param>
public readonly record struct BestArm(string? ArmId, bool IsSettled, double Statistic, double Threshold);
