namespace Bandits;

/// <summary>The window of a <see cref="SpendCap"/>: a part of the UTC calendar.</summary>
public enum SpendWindow
{
    /// <summary>From full hour to full hour.</summary>
    Hour,

    /// <summary>From midnight to midnight, UTC.</summary>
    Day,
}
