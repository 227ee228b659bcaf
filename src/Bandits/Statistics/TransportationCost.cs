using Bandits.Numerics;

namespace Bandits.Statistics;

/// <summary>How strongly evidence contradicts that one arm is as good as another: the likelihood ratio of best-arm identification, in nats.</summary>
/// <remarks>
/// <code>
/// Source      Garivier, Kaufmann (2016), Optimal best arm identification with fixed confidence, COLT, equation (7)
/// Rule        Z_ab = min over u of  n_a kl(x_a, q_a(u)) + n_b kl(x_b, q_b(u))  for u_a &gt; u_b, else 0
/// Solved in   u, between both utilities and where both arms can be: the derivative  sum n (q-x) / (s q (1-q))  grows, so it is bisected;
///             with the same scale and shift u is the pooled mean
/// Symbols     x -> Belief.SampleMean;  n -> Belief.Samples;  q(u) -> Belief.QualityAt;  s -> Belief.Scale
/// Cost        two divergences, and at most 48 bisections without logarithms where scales or shifts differ; 0 B
/// Departures  the paper's arms have one scale; an arm of scale 0 cannot move; infinity where no utility suits both arms
/// Guarantee   relative error below 1e-12: the minimum is flat, so the error of u enters squared
/// </code>
/// </remarks>
internal static class TransportationCost
{
    /// <summary>Halves the interval to 4e-15 of its width.</summary>
    private const int Bisections = 48;

    /// <summary>Z of <paramref name="better"/> over <paramref name="worse"/>, 0 or more.</summary>
    public static double Of(in Belief better, in Belief worse)
    {
        double high = better.UtilityOf(better.SampleMean), low = worse.UtilityOf(worse.SampleMean);
        if (high <= low) return 0;
        double bottom = better.Shift, top = worse.Shift + worse.Scale;
        if (bottom > top) return double.PositiveInfinity;
        double n = better.Samples + worse.Samples;
        if (better.Samples == 0 || worse.Samples == 0) return 0;
        if (better.Scale == worse.Scale && better.Shift == worse.Shift)
        {
            double q = (better.Samples * better.SampleMean + worse.Samples * worse.SampleMean) / n;
            return Cost(better, q) + Cost(worse, q);
        }

        (low, high) = (Math.Max(low, bottom), Math.Min(high, top));
        for (int i = 0; i < Bisections && high > low; i++)
        {
            double middle = low + (high - low) / 2;
            if (Slope(better, middle) + Slope(worse, middle) > 0) high = middle;
            else low = middle;
        }

        return CostAt(better, high) + CostAt(worse, high);
    }

    private static double Slope(in Belief belief, double utility)
    {
        if (belief.Scale == 0) return utility < belief.Shift ? double.NegativeInfinity : double.PositiveInfinity;
        double q = belief.QualityAt(utility);
        if (q <= 0) return double.NegativeInfinity;
        if (q >= 1) return double.PositiveInfinity;
        return belief.Samples * (q - belief.SampleMean) / (belief.Scale * q * (1 - q));
    }

    private static double CostAt(in Belief belief, double utility) => belief.Scale == 0 ? 0 : Cost(belief, Math.Clamp(belief.QualityAt(utility), 0, 1));

    private static double Cost(in Belief belief, double q) => belief.Samples * BernoulliKl.Divergence(belief.SampleMean, q);
}
