using Bandits.Numerics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Numerics;

public sealed class BernoulliKlTests
{
    private static readonly double[] Means = [0, 1e-300, 1e-12, 1e-6, 0.001, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999, 1 - 1e-6, 1 - 1e-12, 1];
    private static readonly double[] Bounds = [1e-12, 1e-9, 1e-6, 1e-4, 0.003, 0.02, 0.1, 0.5, 1, 3, 10, 40, 700];

    /// <summary>The residual, in 90 digits: the index is the exact inverse of the divergence.</summary>
    [Fact]
    public void Upper_inverts_the_divergence()
    {
        foreach (double p in Means)
        {
            foreach (double bound in Bounds)
            {
                KlBound q = BernoulliKl.Upper(p, bound);
                Assert.True(q.Value >= p && q.Value <= 1 && q.Complement >= 0 && q.Complement <= 1 - p, $"{p} {bound}: {q}");
                if (p is 0 or 1 || q.Distance > 100) continue; // beyond what the reference's fixed point holds
                BigReal mean = BigReal.Of(p), rest = BigReal.Of(1) - mean, left = BigReal.Exp(BigReal.Of(0) - BigReal.Of(q.Distance));
                BigReal index = BigReal.Of(1) - rest * left;
                BigReal divergence = p < 1e-80 ? rest * BigReal.Of(q.Distance) : rest * BigReal.Of(q.Distance) - mean * BigReal.Log(index / mean);
                Assert.InRange(BigReal.RelativeError(divergence, bound), 0, 1e-13);
                Assert.InRange(BigReal.RelativeError(index, q.Value), 0, 1e-15);
                Assert.InRange(BigReal.RelativeError(rest * left, q.Complement), 0, 1e-13);
            }
        }
    }

    /// <summary>Where q is all but 1, -ln(1-q) is (d - p ln p)/(1-p) + s_p.</summary>
    [Fact]
    public void Far_out_the_exponent_survives()
    {
        KlBound q = BernoulliKl.Upper(0.5, 700);
        Assert.Equal((1, 0), (q.Value, q.Complement));
        Assert.Equal((700 - 0.5 * Math.Log(0.5)) / 0.5 + Math.Log(2), q.Exponent, 1e-10);
        Assert.Equal(700, BernoulliKl.Upper(0, 700).Exponent);
        Assert.Equal(double.PositiveInfinity, BernoulliKl.Upper(1, 1e-12).Exponent);
    }

    [Fact]
    public void Edges_are_exact()
    {
        Assert.Equal(0.3, BernoulliKl.Upper(0.3, 0).Value);
        Assert.Equal(0.3, BernoulliKl.Lower(0.3, 0));
        Assert.Equal(0, BernoulliKl.Lower(0, 1));
        Assert.Equal(Math.Exp(-0.25), BernoulliKl.Lower(1, 0.25), 1e-15); // kl(1, q) = -ln q
        Assert.Equal(-NearOne.Expm1(-0.25), BernoulliKl.Upper(0, 0.25).Value, 1e-15); // kl(0, q) = -ln(1-q)
        Assert.Equal(double.PositiveInfinity, BernoulliKl.Divergence(0.5, 1));
        Assert.Equal(double.PositiveInfinity, BernoulliKl.Divergence(0.5, 0));
        Assert.Equal((0, 0, 0), (BernoulliKl.Divergence(0, 0), BernoulliKl.Divergence(1, 1), BernoulliKl.Divergence(0.4, 0.4)));
    }

    /// <summary>Pitfall 1: with an absolute tolerance of 1e-6 the index of mean 0.70 exceeds that of 0.95 at t = 1e6, n = 2.</summary>
    [Fact]
    public void Index_does_not_invert_ranks_next_to_one()
    {
        double bound = Math.Log(1e6) / 2;
        Assert.True(BernoulliKl.Upper(0.95, bound).Exponent > BernoulliKl.Upper(0.70, bound).Exponent);
    }

    [Law(MaxTest = 2_000)]
    public void Index_grows_with_the_mean(ushort at, ushort step, ushort boundAt)
    {
        double p = at / 65_536.0, higher = Math.Min(1, p + (step + 1) * 1e-9), bound = Bound(boundAt);
        Assert.True(BernoulliKl.Upper(p, bound).Exponent < BernoulliKl.Upper(higher, bound).Exponent);
        Assert.True(BernoulliKl.Lower(p, bound) <= BernoulliKl.Lower(higher, bound));
    }

    [Law(MaxTest = 2_000)]
    public void Index_grows_with_the_bound(ushort at, ushort boundAt)
    {
        double p = at / 65_536.0, bound = Bound(boundAt);
        Assert.True(BernoulliKl.Upper(p, bound).Distance < BernoulliKl.Upper(p, bound * (1 + 1e-9)).Distance);
        Assert.True(BernoulliKl.Lower(p, bound) >= BernoulliKl.Lower(p, bound * (1 + 1e-9)));
    }

    [Law(MaxTest = 500)]
    public void Divergence_keeps_every_digit(ushort at, ushort far, bool negative)
    {
        double p = (at + 1) / 65_538.0, q = p * Math.Exp((negative ? -30 : 1) * Math.Exp(-far / 3_000.0));
        if (q >= 1 || q == p) q = p / 2;
        BigReal x = BigReal.Of(p), y = BigReal.Of(q), one = BigReal.Of(1);
        BigReal expected = x * BigReal.Log(x / y) + (one - x) * BigReal.Log((one - x) / (one - y));
        Assert.InRange(BigReal.RelativeError(expected, BernoulliKl.Divergence(p, q)), 0, 1e-14);
        Assert.InRange(BigReal.RelativeError(expected, BernoulliKl.Divergence(1 - p, p, 1 - q, q)), 0, 1e-14);
    }

    [Law(MaxTest = 2_000)]
    public void Lower_is_the_mirrored_upper(ushort at, ushort boundAt)
    {
        double p = (at + 1) / 65_538.0, bound = Bound(boundAt), low = BernoulliKl.Lower(p, bound);
        Assert.InRange(low, 0, p);
        if (low > 1e-300) Assert.InRange(BernoulliKl.Divergence(p, low) / bound, 1 - 1e-8, 1 + 1e-8); // the rounding of q itself, next to p
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        double sum = 0;
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 100; i++) sum += BernoulliKl.Upper(0.3, i * 0.1).Exponent + BernoulliKl.Lower(0.3, 0.1) + BernoulliKl.Divergence(0.2, 0.3);
        }));
        Assert.True(sum > 0);
    }

    /// <summary>From 1e-12 to 700, evenly in the logarithm.</summary>
    private static double Bound(ushort at) => 1e-12 * Math.Exp(at / 65_535.0 * Math.Log(7e14));
}
