namespace Bandits.Statistics;

/// <summary>Lets the exploration share follow the shortfall of observed against predicted quality, so that a segment whose arms are all poor, and known to be, does not explore for ever.</summary>
/// <remarks>
/// <code>
/// Source      own rule; one-sided z test on blocks (Wald), thresholds apart for hysteresis as in a Schmitt trigger
/// Rule        every W judged outcomes: z = sum(predicted - observed) / sqrt(sum p(1-p))
///             z &gt; 2: eps = min(0.3, 1.5 eps);   z &lt; 1: eps = max(0.05, 0.8 eps);   between: unchanged
/// Update      one block of sums; order-dependent, so a corrected outcome is not taken back here
/// Symbols     W -> Window -> 20 outcomes;  1.5, 0.8, 0.05, 0.3 -> the factors and bounds that users of the original know
/// Cost        O(1), 40 bytes
/// Departures  the original compares the success rate with 0.7 and 0.9, whatever was to be expected
/// Guarantee   with calibrated predictions a block raises eps with probability 0.02 at quality 0.5, 0.04 at 0.9, 0.08 at 0.95 (binomial tail)
/// </code>
/// </remarks>
internal struct AdaptiveExploration
{
    public const int Window = 20;
    public const double Lowest = 0.05;
    public const double Highest = 0.3;
    private const double RaiseAbove = 2;
    private const double LowerBelow = 1;
    private const double RaiseBy = 1.5;
    private const double LowerBy = 0.8;

    /// <summary>The share now; 0 until the first block is complete.</summary>
    public double Rate;

    public int Count;
    public double Shortfall;
    public double Variance;

    /// <summary>True once a block has been judged.</summary>
    public readonly bool HasRate => Rate > 0;

    public void Observe(double predicted, double observed, double startRate) =>
        Observe(1, predicted - observed, predicted * (1 - predicted), startRate);

    public void Observe(int count, double shortfall, double variance, double startRate)
    {
        Count += count;
        Shortfall += shortfall;
        Variance += variance;
        if (Count < Window) return;
        double z = Variance > 0 ? Shortfall / Math.Sqrt(Variance) : 0;
        double rate = HasRate ? Rate : Math.Clamp(startRate, Lowest, Highest);
        if (z > RaiseAbove) rate = Math.Min(Highest, rate * RaiseBy);
        else if (z < LowerBelow) rate = Math.Max(Lowest, rate * LowerBy);
        Rate = rate;
        (Count, Shortfall, Variance) = (0, 0, 0);
    }
}
