using Bandits.Numerics;
using Bandits.Tests.Support;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Bandits.Tests.Numerics;

public sealed class BetaTailsTests
{
    private const double Precision = 1e-9;

    /// <summary>The tail attained, by the power series in 33 digits, over the whole stated range of pseudo-counts.</summary>
    [Theory]
    [InlineData(0.05, 0.05)]
    [InlineData(0.05, 1)]
    [InlineData(1, 0.05)]
    [InlineData(0.05, 1e8)]
    [InlineData(1e8, 0.05)]
    [InlineData(0.5, 0.5)]
    [InlineData(1, 1)]
    [InlineData(1, 50)]
    [InlineData(1.5, 1.0001)]
    [InlineData(3, 5)]
    [InlineData(40, 2.5)]
    [InlineData(900, 100)]
    [InlineData(5e4, 7e4)]
    [InlineData(3, 1e8)]
    [InlineData(1e8, 3)]
    [InlineData(1e8, 1e8)]
    public void Quantile_attains_its_tail(double a, double b)
    {
        var law = new BetaTails(a, b);
        foreach (double tail in a * b > 1e14 ? (double[])[1e-12] : [0.9, 0.5, 0.1, 1e-3, 1e-6, 1e-12])
        {
            double y = law.UpperQuantile(tail).Value;
            if (Math.Abs(y) > 90) continue; // beyond what the reference's fixed point holds
            BigReal survival = Survival(a, b, y);
            if (tail <= 0.5) Assert.InRange(BigReal.RelativeError(survival, tail), 0, Precision);
            else Assert.InRange(Math.Abs((survival - BigReal.Of(tail)).ToDouble()) / (1 - tail), 0, Precision);
            Assert.InRange(BigReal.RelativeError(survival, Math.Exp(law.LogSurvival(y))), 0, 1e-10);
        }
    }

    /// <summary>At the far ends the law is the power law of that end: P(Y &gt; y) = e^(-b y) / (b B).</summary>
    [Theory]
    [InlineData(0.05, 0.05, 1e-60)]
    [InlineData(3, 0.05, 1e-200)]
    [InlineData(2, 1, 1e-300)]
    public void Far_out_the_log_odds_survive(double a, double b, double tail)
    {
        LogOdds quantile = new BetaTails(a, b).UpperQuantile(tail);
        Assert.Equal(-(Math.Log(tail) + Math.Log(b) + SpecialFunctions.BetaLn(a, b)) / b, quantile.Value, 1e-11 * quantile.Value);
        Assert.Equal(1, quantile.Probability);
    }

    [Law(MaxTest = 1_000)]
    public void Tails_agree_with_the_incomplete_beta(Belief belief, ushort at)
    {
        double x = (at + 0.5) / 65_536, y = Math.Log(x / (1 - x));
        var law = new BetaTails(belief.Alpha, belief.Beta);
        Assert.Equal(SpecialFunctions.BetaRegularized(belief.Alpha, belief.Beta, x), Math.Exp(law.LogAt(y)), 1e-9); // the reference loses digits beyond 1e4
        Assert.Equal(SpecialFunctions.BetaRegularized(belief.Beta, belief.Alpha, 1 - x), Math.Exp(law.LogSurvival(y)), 1e-9);
        Assert.Equal(SpecialFunctions.BetaLn(belief.Alpha, belief.Beta), law.LogBeta, 1e-10 * (1 + Math.Abs(law.LogBeta)));
        Assert.Equal(Beta.PDFLn(belief.Alpha, belief.Beta, x) + Math.Log(x) + NearOne.Log1p(-x), law.LogDensity(y), 1e-8);
    }

    [Law(MaxTest = 1_000)]
    public void Quantiles_mirror_and_fall_with_the_tail(Belief belief, ushort at)
    {
        double tail = Math.Exp(-27.6 * (at + 1) / 65_537);
        BetaTails law = new(belief.Alpha, belief.Beta), mirrored = new(belief.Beta, belief.Alpha);
        double y = law.UpperQuantile(tail).Value;
        Assert.Equal(-y, mirrored.LowerQuantile(tail).Value, 1e-12 * (1 + Math.Abs(y)));
        Assert.True(law.UpperQuantile(tail * 0.999999).Value > y);
    }

    /// <summary>A success moves the index up, a failure down; however little one matters.</summary>
    [Law(MaxTest = 1_000)]
    public void Index_grows_with_successes(Belief belief, ushort at)
    {
        double tail = Math.Exp(-27.6 * (at + 1) / 65_537), y = new BetaTails(belief.Alpha, belief.Beta).UpperQuantile(tail).Value;
        Assert.True(new BetaTails(belief.Alpha + 1, belief.Beta).UpperQuantile(tail).Value > y);
        Assert.True(new BetaTails(belief.Alpha, belief.Beta + 1).UpperQuantile(tail).Value < y);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        double sum = 0;
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 1; i < 100; i++) sum += new BetaTails(i, 5).UpperQuantile(1e-4).Probability + new BetaTails(i, 5).LowerQuantile(0.1).Complement;
        }));
        Assert.True(sum > 0);
    }

    /// <summary>P(Y &gt; y) by DLMF 8.17.8: x^a (1-x)^b / (a B) sum of (a+b)_k / (a+1)_k x^k, from the end that is nearer.</summary>
    private static BigReal Survival(double a, double b, double y)
    {
        BigReal one = BigReal.Of(1), odds = BigReal.Exp(BigReal.Of(-Math.Abs(y))), small = odds / (one + odds), large = one / (one + odds);
        (BigReal of, BigReal against) = y > 0 ? (BigReal.Of(b), BigReal.Of(a)) : (BigReal.Of(a), BigReal.Of(b));
        BigReal n = of + against, term = one, sum = one, up = n, down = of + one, least = BigReal.Of(y > 0 ? 1e-18 : 1e-32);
        for (int k = 0; k < 2_000_000 && term.CompareTo(sum * least) > 0; k++)
        {
            term = term * small * up / down;
            sum += term;
            up += one;
            down += one;
        }

        BigReal logBeta = BigReal.LogGamma(of) + BigReal.LogGamma(against) - BigReal.LogGamma(n);
        BigReal tail = BigReal.Exp(of * BigReal.Log(small) + against * BigReal.Log(large) - logBeta) / of * sum;
        return y > 0 ? tail : one - tail;
    }
}
