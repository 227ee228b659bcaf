using Bandits.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;
using Complex = System.Numerics.Complex;

namespace Bandits.Contextual;

/// <summary>The first right singular vectors of a sparse matrix, by random projection: the directions in which texts differ most. Seconds for tens of thousands of rows.</summary>
/// <remarks>
/// <code>
/// Source      Halko, Martinsson, Tropp (2011), Finding structure with randomness, SIAM Review 53(2), algorithms 4.4 and 5.1;
///             Fukaya, Nakatsukasa, Yanagisawa, Yamamoto (2014), CholeskyQR2, ScalA
/// Rule        Q = orth(X W), then <see cref="PowerSteps"/> times Q = orth(X orth(X' Q));   X' Q = B',  B B' = U S^2 U',  V = B' U S^-1
/// Symbols     X -> texts by buckets;  W -> random signs, <see cref="Oversampling"/> more columns than are wanted
/// Cost        O(values x columns of W x power steps); 8 bytes x columns of W for each row and column
/// Departures  signs instead of normal numbers; orth by two Cholesky factorisations, a dependent column becoming 0; the small problem is solved for S^2, which leaves directions below 1e-5 of the
///             first to chance: they become 0. The sign of a vector is such that its greatest entry is positive. Sums run in one order on one thread, so that every machine rounds alike
/// Guarantee   none claimed; the tests compare with the dense decomposition
/// </code>
/// </remarks>
internal static class TruncatedSvd
{
    private const int Oversampling = 10;
    private const int PowerSteps = 4;

    /// <summary>Share of the first eigenvalue, or of a column's square, below which there is nothing but rounding.</summary>
    private const double Negligible = 1e-10;

    /// <summary>V, a row for each column of the matrix, <paramref name="rank"/> numbers each; vectors that the matrix does not have are 0.</summary>
    public static double[] RightVectors(SparseRows matrix, int rank, ulong seed)
    {
        int rows = matrix.Count, columns = matrix.ColumnCount, width = Math.Min(rank + Oversampling, Math.Min(rows, columns));
        var vectors = new double[(long)columns * rank];
        if (width == 0) return vectors;
        double[] left = new double[(long)rows * width], right = new double[(long)columns * width];
        var random = new RandomStream(seed);
        for (int i = 0; i < right.Length; i++) right[i] = (random.NextUInt64() >> 63) == 0 ? 1 : -1;
        for (int step = 0; step <= PowerSteps; step++)
        {
            if (step > 0) Orthonormalise(right, width);
            Multiply(matrix, right, left, width);
            Orthonormalise(left, width);
            MultiplyTransposed(matrix, left, right, width);
        }

        (double[] squares, double[] small) = Eigen(Gram(right, width), width);
        for (int k = 0; k < Math.Min(rank, width); k++)
        {
            int at = width - 1 - k; // in ascending order
            if (squares[at] > Negligible * squares[width - 1]) Combine(right, small.AsSpan(at * width, width), 1 / Math.Sqrt(squares[at]), vectors, rank, k);
        }

        return vectors;
    }

    /// <summary>Y = X Z.</summary>
    private static void Multiply(SparseRows matrix, double[] z, double[] y, int width)
    {
        Array.Clear(y);
        for (int row = 0; row < matrix.Count; row++)
        {
            ReadOnlySpan<int> columns = matrix.ColumnsOf(row);
            ReadOnlySpan<float> values = matrix.ValuesOf(row);
            Span<double> sum = y.AsSpan(row * width, width);
            for (int i = 0; i < columns.Length; i++) AddScaled(z.AsSpan(columns[i] * width, width), values[i], sum);
        }
    }

    /// <summary>Z = X' Y.</summary>
    private static void MultiplyTransposed(SparseRows matrix, double[] y, double[] z, int width)
    {
        Array.Clear(z);
        for (int row = 0; row < matrix.Count; row++)
        {
            ReadOnlySpan<int> columns = matrix.ColumnsOf(row);
            ReadOnlySpan<float> values = matrix.ValuesOf(row);
            ReadOnlySpan<double> from = y.AsSpan(row * width, width);
            for (int i = 0; i < columns.Length; i++) AddScaled(from, values[i], z.AsSpan(columns[i] * width, width));
        }
    }

    private static void AddScaled(ReadOnlySpan<double> x, double factor, Span<double> sum)
    {
        for (int i = 0; i < sum.Length && i < x.Length; i++) sum[i] += factor * x[i];
    }

    /// <summary>A'A, by columns.</summary>
    private static double[] Gram(double[] a, int width)
    {
        var gram = new double[width * width];
        for (int row = 0; row < a.Length; row += width)
        {
            ReadOnlySpan<double> x = a.AsSpan(row, width);
            for (int i = 0; i < width; i++) AddScaled(x[..(i + 1)], x[i], gram.AsSpan(i * width, i + 1));
        }

        for (int i = 0; i < width; i++) for (int j = 0; j < i; j++) gram[j * width + i] = gram[i * width + j];
        return gram;
    }

    /// <summary>Makes the columns orthonormal; one that depends on those before it becomes 0.</summary>
    private static void Orthonormalise(double[] a, int width)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            double[] lower = Gram(a, width);
            for (int i = 0; i < width; i++)
            {
                Span<double> row = lower.AsSpan(i * width, width);
                double square = row[i];
                for (int j = 0; j <= i; j++)
                {
                    ReadOnlySpan<double> other = lower.AsSpan(j * width, width);
                    double left = row[j];
                    for (int k = 0; k < j; k++) left -= row[k] * other[k];
                    row[j] = j < i ? (other[j] > 0 ? left / other[j] : 0) : left > Negligible * square ? Math.Sqrt(left) : 0;
                }
            }

            for (int at = 0; at < a.Length; at += width) SolveRow(a.AsSpan(at, width), lower, width);
        }
    }

    /// <summary>x such that x L' is what x was.</summary>
    private static void SolveRow(Span<double> x, double[] lower, int width)
    {
        for (int i = 0; i < x.Length; i++)
        {
            ReadOnlySpan<double> row = lower.AsSpan(i * width, width);
            double left = x[i];
            for (int k = 0; k < i; k++) left -= row[k] * x[k];
            x[i] = row[i] > 0 ? left / row[i] : 0;
        }
    }

    /// <summary>Eigenvalues, ascending, and eigenvectors, one after the other, by the managed provider whatever the process has chosen.</summary>
    private static (double[] Values, double[] Vectors) Eigen(double[] symmetric, int order)
    {
        double[] vectors = new double[order * order], diagonal = new double[order * order], values = new double[order];
        var complex = new Complex[order];
        ManagedLinearAlgebraProvider.Instance.EigenDecomp(true, order, symmetric, vectors, complex, diagonal);
        for (int i = 0; i < order; i++) values[i] = complex[i].Real;
        return (values, vectors);
    }

    /// <summary>Column k of the vectors = scale times the combination of columns, turned so that its greatest entry is positive.</summary>
    private static void Combine(double[] columns, ReadOnlySpan<double> weights, double scale, double[] vectors, int rank, int k)
    {
        int width = weights.Length;
        double greatest = 0;
        for (int row = 0; row * width < columns.Length; row++)
        {
            double entry = scale * VectorMath.Dot(columns.AsSpan(row * width, width), weights);
            vectors[row * rank + k] = entry;
            if (Math.Abs(entry) > Math.Abs(greatest)) greatest = entry;
        }

        if (greatest < 0) for (int at = k; at < vectors.Length; at += rank) vectors[at] = -vectors[at];
    }
}
