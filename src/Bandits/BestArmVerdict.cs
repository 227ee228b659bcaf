namespace Bandits;

/// <summary>What a segment's own evidence says of which arm is best.</summary>
/// <param name="Arm">Dense index of the best arm, when settled; else of the arm that leads. -1 when no arm is enabled.</param>
/// <param name="IsSettled">Whether it is known.</param>
/// <param name="Statistic">Evidence now against the arm that is closest to keeping the question open, nats.</param>
/// <param name="Threshold">What it has to exceed, nats.</param>
public readonly record struct BestArmVerdict(int Arm, bool IsSettled, double Statistic, double Threshold);
