using Bandits.Contextual;
using MathNet.Numerics.LinearAlgebra;

namespace Bandits.Tests.Contextual;

public sealed class TruncatedSvdTests
{
    [Theory]
    [InlineData(60, 40)]
    [InlineData(40, 200)]
    public void The_first_vectors_are_those_of_the_dense_decomposition(int rows, int columns)
    {
        Matrix<double> dense = Sparse(rows, columns, out SparseRows sparse);
        double[] vectors = TruncatedSvd.RightVectors(sparse, 4, 7);
        Matrix<double> exact = dense.Svd().VT;
        for (int k = 0; k < 4; k++)
        {
            double product = 0;
            for (int j = 0; j < columns; j++) product += exact[k, j] * vectors[j * 4 + k];
            Assert.Equal(1, Math.Abs(product), 1e-6);
        }
    }

    [Fact]
    public void Vectors_are_orthonormal_and_their_greatest_entry_is_positive()
    {
        Sparse(300, 500, out SparseRows sparse);
        const int Rank = 20;
        double[] vectors = TruncatedSvd.RightVectors(sparse, Rank, 1);
        for (int a = 0; a < Rank; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double product = 0;
                for (int j = 0; j < 500; j++) product += vectors[j * Rank + a] * vectors[j * Rank + b];
                Assert.Equal(a == b ? 1 : 0, product, 1e-9);
            }

            Assert.True(Enumerable.Range(0, 500).Select(j => vectors[j * Rank + a]).MaxBy(Math.Abs) > 0);
        }
    }

    /// <summary>Every row twice the one before: one direction, and nothing beyond it.</summary>
    [Fact]
    public void What_the_matrix_does_not_have_is_0()
    {
        var matrix = new SparseRows();
        for (int row = 0; row < 12; row++)
        {
            matrix.Add(1, 3 << row);
            matrix.Add(4, 4 << row);
            matrix.EndRow();
        }

        double[] vectors = TruncatedSvd.RightVectors(matrix, 3, 5);
        Assert.Equal(0.6, vectors[1 * 3], 1e-12);
        Assert.Equal(0.8, vectors[4 * 3], 1e-12);
        for (int at = 0; at < vectors.Length; at++) if (at % 3 > 0) Assert.Equal(0, vectors[at]);
    }

    [Fact]
    public void Of_nothing_there_is_nothing()
    {
        var matrix = new SparseRows();
        matrix.EndRow();
        Assert.Empty(TruncatedSvd.RightVectors(matrix, 3, 5));
    }

    /// <summary>A fifth of the entries, columns of falling weight so that directions are apart.</summary>
    private static Matrix<double> Sparse(int rows, int columns, out SparseRows sparse)
    {
        var random = new Random(11);
        Matrix<double> dense = Matrix<double>.Build.Dense(rows, columns);
        sparse = new SparseRows();
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                if (random.Next(5) > 0 && column > 0) continue;
                float value = (float)(random.NextDouble() * 10 * Math.Pow(0.7, column));
                dense[row, column] = value;
                sparse.Add(column, value);
            }

            sparse.EndRow();
        }

        return dense;
    }
}
