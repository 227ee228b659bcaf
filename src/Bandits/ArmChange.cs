namespace Bandits;

/// <summary>A change of an arm in all segments at once.</summary>
/// <param name="ArmId">The arm.</param>
/// <param name="Component">What has changed: its quality, or the level of its price.</param>
/// <param name="IsHigher">Whether it is higher than before.</param>
/// <param name="IsAnnounced">Whether new prices announced it; else outcomes showed it.</param>
/// <param name="DetectedBy">Decision whose outcome showed it; <see cref="DecisionId.None"/> when it was announced.</param>
public readonly record struct ArmChange(string ArmId, OutcomeComponents Component, bool IsHigher, bool IsAnnounced, DecisionId DetectedBy);
