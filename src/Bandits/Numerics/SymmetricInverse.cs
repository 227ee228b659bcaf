namespace Bandits.Numerics;

/// <summary>The inverse of a symmetric positive definite matrix, from its Cholesky factor.</summary>
/// <remarks>
/// <code>
/// Source      Golub and Van Loan (2013), Matrix computations, 4th edition, section 4.2 (Cholesky, row by row); Higham (2002), Accuracy and stability of
///             numerical algorithms, section 14.3 (method D: T^-1 = L^-T L^-1)
/// Rule        T = L L',  M = L^-1,  T^-1 = sum of m m' over the rows m of M
/// Cost        n^3 / 2 multiplications with their additions; 0 B; n^2 numbers of the caller's to work in
/// Guarantee   a sum of squares: every quadratic form of the result is positive, but for its own rounding
/// </code>
/// </remarks>
internal static class SymmetricInverse
{
    /// <summary>Rows of M that are added up in one pass over the result.</summary>
    private const int Together = 8;

    /// <summary>Adding a ridge to what is positive semidefinite leaves no pivot below the ridge; half of it leaves room for rounding.</summary>
    private const double LeastPivotShare = 0.5;

    /// <summary>
    /// Writes the inverse of <paramref name="first"/> + <paramref name="second"/> + ridge I. False, with nothing written, when the sum without the ridge is not positive semidefinite or not finite.
    /// </summary>
    /// <param name="first">A matrix in tiles.</param>
    /// <param name="second">Another, or empty.</param>
    /// <param name="ridge">Added to the diagonal, above 0.</param>
    /// <param name="order">Rows that count; the rest is padding, and 0 in the inverse.</param>
    /// <param name="rows">Room to work in: width squared numbers, and one more row.</param>
    /// <param name="inverse">Written; may be the same as neither of the others.</param>
    public static bool TryInvert(ReadOnlySpan<double> first, ReadOnlySpan<double> second, double ridge, int order, Span<double> rows, Span<double> inverse)
    {
        int width = SymmetricTiles.WidthOf(order);
        rows[..((width + 1) * width)].Clear();
        for (int i = 0; i < order; i++)
        {
            Span<double> row = rows.Slice(i * width, width);
            for (int j = 0; j <= i; j++)
            {
                int at = SymmetricTiles.At(i, j);
                row[j] = second.IsEmpty ? first[at] : first[at] + second[at];
            }

            row[i] += ridge;
        }

        if (!TryFactor(rows, order, width, ridge)) return false;
        InvertFactor(rows, order, width);
        inverse.Clear();
        for (int from = 0; from < width; from += Together)
        {
            int count = Math.Min(Together, width - from);
            SymmetricTiles.AddOuter(inverse, rows.Slice(from * width, count * width), width, from + count);
        }

        return true;
    }

    /// <summary>L in place of the lower half.</summary>
    private static bool TryFactor(Span<double> rows, int order, int width, double ridge)
    {
        for (int i = 0; i < order; i++)
        {
            Span<double> row = rows.Slice(i * width, width);
            for (int j = 0; j < i; j++)
            {
                ReadOnlySpan<double> other = rows.Slice(j * width, j + 1);
                row[j] = (row[j] - VectorMath.Dot(row[..j], other[..j])) / other[j];
            }

            double pivot = row[i] - VectorMath.Dot(row[..i], row[..i]);
            if (!(pivot >= LeastPivotShare * ridge && double.IsFinite(pivot))) return false;
            row[i] = Math.Sqrt(pivot);
        }

        return true;
    }

    /// <summary>M in place of L, row by row: m_i = (e_i - sum over k below i of L_ik m_k) / L_ii.</summary>
    private static void InvertFactor(Span<double> rows, int order, int width)
    {
        Span<double> sum = rows.Slice(width * width, width);
        for (int i = 0; i < order; i++)
        {
            Span<double> row = rows.Slice(i * width, width);
            sum[..i].Clear();
            for (int k = 0; k < i; k++) SymmetricTiles.AddScaled(sum[..(k + 1)], rows.Slice(k * width, k + 1), row[k]);
            double pivot = row[i];
            SymmetricTiles.Scale(row[..i], sum[..i], -1 / pivot);
            row[i] = 1 / pivot;
        }
    }
}
