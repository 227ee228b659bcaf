namespace Bandits.Statistics;

/// <summary>Maps a cost or a latency into [0, 1), for detectors that need bounded values.</summary>
/// <remarks>
/// <code>
/// Source      own choice; the Hill function of order 1
/// Rule        y = x / (x + x0)
/// Symbols     x -> amount -> 0 or more;   x0 -> reference -> the amount that maps to 1/2, above 0, fixed for as long as a detector watches
/// Cost        O(1), 0 B
/// Departures  none
/// Guarantee   increasing, so any change of an amount is one of y; a change of its tail alone moves the mean of y little
/// </code>
/// </remarks>
internal static class BoundedAmount
{
    public static double Of(double amount, double reference) => amount > 0 ? amount / (amount + reference) : 0;
}
