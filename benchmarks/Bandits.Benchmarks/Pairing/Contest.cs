namespace Bandits.Benchmarks.Pairing;

/// <summary>Ours and what it is measured against, over the same inputs.</summary>
/// <param name="Subject">Ours.</param>
/// <param name="Baseline">The denominator; null where a time stands alone.</param>
internal sealed record Contest(IOperation Subject, IOperation? Baseline);
