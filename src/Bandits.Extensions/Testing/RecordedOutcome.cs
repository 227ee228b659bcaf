namespace Bandits.Testing;

/// <summary>A call of <see cref="BanditRouter.Record"/>.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Outcome">The outcome as given.</param>
/// <param name="Result">What recording did; null when the outcome was refused as invalid.</param>
public readonly record struct RecordedOutcome(Decision Decision, Outcome Outcome, Recorded? Result);
