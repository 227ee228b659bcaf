namespace Bandits.Journaling;

/// <summary>A change of an arm in all segments that outcomes have shown.</summary>
/// <param name="Arm">Dense index.</param>
/// <param name="Component">Quality, or the level of its price.</param>
/// <param name="IsHigher">Whether it is higher than before.</param>
/// <param name="Factor">By how much costs have changed; 1 for a change of quality.</param>
/// <param name="DetectedBy">Decision whose outcome showed it.</param>
internal record struct ChangeEntry(int Arm, OutcomeComponents Component, bool IsHigher, double Factor, DecisionId DetectedBy)
{
    /// <summary>Least by which the level of a price is ever found changed.</summary>
    public const double LeastFactor = 1e-9;

    /// <summary>Most, likewise.</summary>
    public const double MostFactor = 1e9;

    /// <summary>Latest decision that says nothing of the arm as it is now.</summary>
    public long Until { get; set; }
}
