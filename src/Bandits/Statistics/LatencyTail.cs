namespace Bandits.Statistics;

/// <summary>What is known of P(latency &gt; limit), some attempts having been cut off before they ended.</summary>
/// <remarks>
/// <code>
/// Source      Kaplan, Meier (1958), Nonparametric estimation from incomplete observations, JASA 53, equation 1b, over buckets;
///             size: Peto et al. (1977), Br. J. Cancer 35, part II, whose variance S^2 (1 - S) / r is that of r / S outcomes none of which was cut off
/// Rule        S = product over buckets up to the limit's of (1 - d / n);   n -= d + c from one bucket to the next;   size = r / S
/// Symbols     d -> events of a bucket;  c -> censored;  n -> attempts that reached it;  r -> <see cref="Exceeding"/>: those that outlasted the limit's bucket;
///             S -> <see cref="Share"/>, NaN when nothing is known;  <see cref="Size"/> -> effective number of outcomes
/// Cost        O(buckets up to the limit), 0 B
/// Departures  a limit acts as the end of its bucket, up to 12 % longer; an attempt cut off in that bucket outlasted it, so that a timeout set to the limit counts as an attempt that took longer
/// Guarantee   without censoring S is the share of attempts beyond the limit's bucket and the size their number
/// </code>
/// Once every attempt was cut off before the limit nothing is known of what lies beyond: the size is then 0, and nobody can be sure of anything.
/// </remarks>
/// <param name="Share">Estimate of P(latency &gt; limit), in [0, 1]; NaN without attempts.</param>
/// <param name="Exceeding">Attempts known to have outlasted the limit.</param>
/// <param name="Size">Outcomes without censoring that would tell as much.</param>
internal readonly record struct LatencyTail(double Share, double Exceeding, double Size)
{
    /// <summary>The tail beyond a bucket. Counts below 0, which only a damaged store has, count as none.</summary>
    public static LatencyTail Beyond(int bucket, ReadOnlySpan<double> events, ReadOnlySpan<double> censored)
    {
        double reached = 0, share = 1;
        for (int b = 0; b < events.Length; b++) reached += Math.Max(0, events[b]) + Math.Max(0, censored[b]);
        if (reached <= 0) return new LatencyTail(double.NaN, 0, 0);
        for (int b = 0; b <= bucket; b++)
        {
            double ended = Math.Max(0, events[b]);
            if (ended > 0)
            {
                if (ended >= reached) return new LatencyTail(0, 0, reached);
                share *= 1 - ended / reached;
                reached -= ended;
            }

            if (b < bucket) reached = Math.Max(0, reached - Math.Max(0, censored[b]));
            if (reached <= Negligible) return new LatencyTail(share, 0, 0);
        }

        return new LatencyTail(share, reached, reached / share);
    }

    /// <summary>What is left of borrowed, weighted counts where all of them are gone.</summary>
    private const double Negligible = 1e-9;
}
