namespace Bandits.History;

/// <summary>A model and its success rate.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="SuccessRate">Its successes among all its tasks.</param>
public sealed record ModelRate(string ModelId, RateEstimate SuccessRate);
