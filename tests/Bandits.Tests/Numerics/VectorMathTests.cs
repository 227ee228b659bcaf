using Bandits.Numerics;
using Bandits.Tests.Support;

namespace Bandits.Tests.Numerics;

public sealed class VectorMathTests
{
    private const double Precision = 4e-16;

    [Fact]
    public void Exponentials_agree_with_the_reference()
    {
        double[] x = [.. Enumerable.Range(-600, 1301).Select(i => i * 0.1234567891 - 1e-3)];
        var y = new double[x.Length];
        VectorMath.Exp(x, y);
        for (int i = 0; i < x.Length; i++) Assert.InRange(BigReal.RelativeError(BigReal.Exp(BigReal.Of(x[i])), y[i]), 0, Precision);
        double[] far = [.. Enumerable.Range(-708, 1417).Select(i => i + 0.37)];
        VectorMath.Exp(far, y = new double[far.Length]);
        for (int i = 0; i < far.Length; i++) Assert.InRange(y[i] / Math.Exp(far[i]), 1 - 1e-15, 1 + 1e-15);
    }

    [Fact]
    public void Logarithms_agree_with_the_reference()
    {
        double[] small = [.. Enumerable.Range(1, 100).Select(i => Math.Pow(0.7, i))];
        double[] x = [.. Enumerable.Range(1, 2_000).Select(i => i / 1000.0), .. small.Select(e => 1 + e), .. small.Select(e => 1 - e / 2)];
        var y = new double[x.Length];
        VectorMath.Log(x, y);
        for (int i = 0; i < x.Length; i++) Assert.InRange(BigReal.RelativeError(BigReal.Log(BigReal.Of(x[i])), y[i]), 0, Precision);
        double[] far = [.. Enumerable.Range(-1074, 2098).Select(i => Math.ScaleB(1.2345, i))];
        VectorMath.Log(far, y = new double[far.Length]);
        for (int i = 0; i < far.Length; i++) Assert.Equal(Math.Log(far[i]), y[i], 4e-16 * Math.Abs(y[i]) + 2e-16);
    }

    [Fact]
    public void Edges_are_exact()
    {
        double[] x = [double.NegativeInfinity, -800, -746, 0, 710, 1e300, double.PositiveInfinity, double.NaN, -744.9], y = new double[x.Length];
        VectorMath.Exp(x, y);
        Assert.Equal([0, 0, 0, 1, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.NaN, Math.Exp(-744.9)], y);
        x = [0, -0.0, 1, double.Epsilon, double.PositiveInfinity, -1, double.NaN, double.NegativeInfinity, double.MaxValue];
        VectorMath.Log(x, y);
        Assert.Equal(
            [double.NegativeInfinity, double.NegativeInfinity, 0, Math.Log(double.Epsilon), double.PositiveInfinity, double.NaN, double.NaN, double.NaN, Math.Log(double.MaxValue)],
            y);
        Assert.Equal((0, 0, double.NegativeInfinity), (VectorMath.Sum([]), VectorMath.Dot([], []), VectorMath.Max([])));
    }

    /// <summary>Written out with scalars, so that the order is the stated one whatever the vector width.</summary>
    [Law]
    public void Reductions_go_by_four_fixed_lanes(int[] numbers)
    {
        double[] x = [.. numbers.Select(i => i / 7.0)], y = [.. numbers.Select(i => Math.Sin(i))];
        double[] sums = new double[4], dots = new double[4];
        for (int i = 0; i < x.Length; i++)
        {
            sums[i & 3] += x[i];
            dots[i & 3] += x[i] * y[i];
        }

        Assert.Equal(sums[0] + sums[1] + (sums[2] + sums[3]), VectorMath.Sum(x));
        Assert.Equal(dots[0] + dots[1] + (dots[2] + dots[3]), VectorMath.Dot(x, y));
        Assert.Equal(x.Append(double.NegativeInfinity).Max(), VectorMath.Max(x));
    }

    [Law]
    public void Value_does_not_depend_on_the_place(int[] numbers)
    {
        double[] x = [.. numbers.Select(i => i / 7.0)], exp = new double[x.Length], log = new double[x.Length], one = new double[1];
        VectorMath.Exp(x, exp);
        VectorMath.Log([.. exp], log);
        for (int i = 0; i < x.Length; i++)
        {
            VectorMath.Exp([x[i]], one);
            Assert.Equal(exp[i], one[0]);
            VectorMath.Log([exp[i]], one);
            Assert.Equal(log[i], one[0]);
        }

        VectorMath.Exp(x, x); // in place
        Assert.Equal(exp, x);
    }

    /// <summary>Sum of bits over a grid, taken once: a fused multiply-add or another order of terms would change it.</summary>
    [Fact]
    public void Bits_are_the_same_on_every_machine()
    {
        double[] x = [.. Enumerable.Range(1, 1001).Select(i => i * 0.37)], exp = new double[x.Length], log = new double[x.Length];
        VectorMath.Exp(x, exp);
        VectorMath.Log(x, log);
        ulong hash = 0;
        for (int i = 0; i < x.Length; i++) hash = RandomStream.Mix(hash ^ BitConverter.DoubleToUInt64Bits(exp[i])) + BitConverter.DoubleToUInt64Bits(log[i]);
        Assert.Equal(11988940064054097436UL, hash);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        double[] x = [1, 2, 3, 4, 5], y = new double[5];
        double sum = 0;
        Assert.Equal(0, Allocations.Of(_ =>
        {
            for (int i = 0; i < 100; i++) sum += Each();
        }));
        Assert.True(sum > 0);

        double Each()
        {
            VectorMath.Log(x, y);
            VectorMath.Exp(y, y);
            return VectorMath.Sum(y) + VectorMath.Dot(x, y) + VectorMath.Max(y);
        }
    }
}
