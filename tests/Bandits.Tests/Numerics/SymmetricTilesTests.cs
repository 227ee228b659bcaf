using Bandits.Numerics;
using Bandits.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Bandits.Tests.Numerics;

public sealed class SymmetricTilesTests
{
    [Law(MaxTest = 60)]
    public void Kernels_agree_with_whole_matrices(int seed, byte size)
    {
        int order = 1 + size % 40, width = SymmetricTiles.WidthOf(order);
        var random = new Random(seed);
        double[] x = Vector(), u = Vector(), rows = [.. Enumerable.Range(0, 5).SelectMany(_ => Vector())];
        Matrix<double> whole = Matrix<double>.Build.Dense(width, width);
        var tiles = new double[SymmetricTiles.LengthOf(width)];
        for (int i = 0; i < order; i++)
            for (int j = 0; j <= i; j++) whole[i, j] = whole[j, i] = tiles[SymmetricTiles.At(i, j)] = random.NextDouble() - 0.5;
        for (int i = 0; i < order; i++)
            for (int j = i; j < (i | 3) + 1 && j < order; j++) tiles[SymmetricTiles.At(i, j)] = whole[i, j]; // tiles on the diagonal are whole
        Vector<double> point = Vector<double>.Build.Dense(x), change = Vector<double>.Build.Dense(u);

        Assert.Equal(point * whole * point, SymmetricTiles.QuadraticForm(tiles, x), 1e-12);
        Assert.Equal(point * change, SymmetricTiles.Dot(x, u), 1e-12);
        var y = new double[width];
        SymmetricTiles.Multiply(tiles, x, y);
        Agree(whole * point, y);

        whole -= change.OuterProduct(change);
        SymmetricTiles.SubtractOuter(tiles, u);
        Same();
        whole -= change.OuterProduct(change);
        SymmetricTiles.SubtractOuterAndMultiply(tiles, u, x, y);
        Agree(whole * point, y);
        for (int k = 0; k < 5; k++)
        {
            Vector<double> row = Vector<double>.Build.Dense(rows[(k * width)..((k + 1) * width)]);
            whole += row.OuterProduct(row);
        }

        SymmetricTiles.AddOuter(tiles, rows, width, width);
        SymmetricTiles.AddToDiagonal(tiles, order, 2);
        for (int i = 0; i < order; i++) whole[i, i] += 2;
        Same();

        void Same()
        {
            for (int i = 0; i < width; i++)
                for (int j = 0; j <= i; j++) Assert.Equal(whole[i, j], tiles[SymmetricTiles.At(i, j)], 1e-12);
        }

        double[] Vector() => [.. Enumerable.Range(0, width).Select(i => i < order ? random.NextDouble() - 0.5 : 0)];
    }

    [Law(MaxTest = 40)]
    public void Inverse_agrees_with_a_library(int seed, byte size)
    {
        int order = 1 + size % 40, width = SymmetricTiles.WidthOf(order);
        var random = new Random(seed);
        double[] first = new double[SymmetricTiles.LengthOf(width)], second = new double[first.Length], inverse = new double[first.Length], rows = new double[(width + 1) * width];
        Matrix<double> whole = Matrix<double>.Build.DenseIdentity(order) * 0.5;
        for (int k = 0; k < order; k++)
        {
            double[] x = [.. Enumerable.Range(0, width).Select(i => i < order ? random.NextDouble() - 0.3 : 0)];
            SymmetricTiles.AddOuter(k % 2 == 0 ? first : second, x, width, width);
            Vector<double> point = Vector<double>.Build.Dense(x[..order]);
            whole += point.OuterProduct(point);
        }

        Assert.True(SymmetricInverse.TryInvert(first, second, 0.5, order, rows, inverse));
        Matrix<double> expected = whole.Inverse();
        for (int i = 0; i < order; i++)
            for (int j = 0; j <= i; j++) Assert.Equal(expected[i, j], inverse[SymmetricTiles.At(i, j)], 1e-11);
    }

    [Fact]
    public void What_is_no_evidence_has_no_inverse()
    {
        double[] tiles = new double[16], inverse = [.. Enumerable.Repeat(7.0, 16)], rows = new double[20];
        foreach (double bad in (double[])[-1.2, double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            tiles[SymmetricTiles.At(1, 1)] = bad;
            Assert.False(SymmetricInverse.TryInvert(tiles, [], 1, 3, rows, inverse));
            Assert.All(inverse, element => Assert.Equal(7, element));
        }
    }

    /// <summary>Taken once; a fused multiply-add or another order of terms would change it.</summary>
    [Fact]
    public void Bits_are_the_same_on_every_machine()
    {
        const int Width = 20;
        double[] tiles = new double[SymmetricTiles.LengthOf(Width)], x = [.. Enumerable.Range(1, Width).Select(i => 1.0 / i)], y = new double[Width], inverse = new double[tiles.Length];
        double[] rows = [.. Enumerable.Range(1, 6 * Width).Select(i => 1 / (i + 0.37))];
        SymmetricTiles.AddOuter(tiles, rows, Width, Width);
        Assert.True(SymmetricInverse.TryInvert(tiles, [], 0.1, Width, new double[(Width + 1) * Width], inverse));
        SymmetricTiles.SubtractOuterAndMultiply(inverse, [.. x.Select(e => e * 0.1)], x, y);
        ulong hash = BitConverter.DoubleToUInt64Bits(SymmetricTiles.QuadraticForm(inverse, x));
        foreach (double element in inverse.Concat(y)) hash = RandomStream.Mix(hash ^ BitConverter.DoubleToUInt64Bits(element));
        Assert.Equal(16673419524677459048UL, hash);
    }

    private static void Agree(Vector<double> expected, double[] actual)
    {
        for (int i = 0; i < actual.Length; i++) Assert.Equal(expected[i], actual[i], 1e-12);
    }
}
