namespace Bandits.History;

/// <summary>A rate, with how sure one can be of it.</summary>
/// <param name="Successes">Trials that succeeded.</param>
/// <param name="Trials">Trials whose result is known.</param>
public readonly record struct RateEstimate(long Successes, long Trials)
{
    /// <summary>Evidence is thin when the credible interval is wider than this: some 20 trials at a rate of 0.9, 60 at 0.5.</summary>
    public const double ThinIntervalWidth = 0.25;

    /// <summary>Successes / trials; null without trials.</summary>
    public double? Rate => Trials > 0 ? (double)Successes / Trials : null;

    /// <summary>
    /// The central 95 % credible interval under Jeffreys' prior; as is usual, it starts at 0 when nothing succeeded and ends at 1 when all did.
    /// </summary>
    public (double Lower, double Upper) CredibleInterval
    {
        get
        {
            (double lower, double upper) = BetaPosterior.Jeffreys(Successes, Trials).Quantiles(0.025, 0.975);
            return (Successes == 0 ? 0 : lower, Successes == Trials ? 1 : upper);
        }
    }

    /// <summary>True when the credible interval is wider than <see cref="ThinIntervalWidth"/>: read the rate as a guess.</summary>
    public bool IsThin
    {
        get
        {
            (double lower, double upper) = CredibleInterval;
            return upper - lower > ThinIntervalWidth;
        }
    }
}
